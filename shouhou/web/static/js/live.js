// Pages that bring themselves up to date. A page asks every few seconds whether anything has happened; only then does it fetch
// itself and exchange what stands in its live regions ([data-live] with an id). A region in which somebody is typing, has
// something selected or has a dialog open is left alone until he is done. Where the page cannot be fetched under its own address
// (an act was refused on it), [data-live-from] says where.

import { toast } from "./toast.js";

const { pulse: ticketAtFirst, pulseUrl, pulseTicketUrl, saidUpdated, saidSignedOut, saidSignIn, signIn } = document.body.dataset;
const EVERY = 3000;
const LONGEST = 60000;
const TYPED_INTO = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button])";
const ROWS = "tr, li, article";

let ticket = ticketAtFirst;
let mark = null;
let wait = EVERY;
let timer = 0;
let waiting = false;

const regions = () => [...document.querySelectorAll("[data-live][id]")];
const jitter = () => Math.random() * 600;

function again(after) {
  clearTimeout(timer);
  timer = setTimeout(beat, after + jitter());
}

async function beat() {
  if (document.visibilityState !== "visible" || !regions().length) return again(EVERY);
  try {
    if (await changed()) waiting = true;
    if (waiting && regions().some((region) => !isBusy(region))) waiting = !(await refresh());
    wait = EVERY;
  } catch (problem) {
    if (problem instanceof SignedOut) return signedOut();
    wait = Math.min(wait * 2, LONGEST);
  }
  again(wait);
}

class SignedOut extends Error {}
class Unreachable extends Error {}

async function ask(address, headers) {
  const response = await fetch(address, { headers, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (response.status >= 500) throw new Unreachable();
  return response;
}

async function changed() {
  let response = await ask(pulseUrl, { "X-Ticket": ticket });
  if (response.status === 401) {
    const renewed = await ask(pulseTicketUrl, { "X-Ticket": ticket, "X-Answers": "headers" });
    if (!renewed.ok) throw new SignedOut();
    ticket = await renewed.text();
    response = await ask(pulseUrl, { "X-Ticket": ticket });
  }
  if (!response.ok) throw new Unreachable();
  const [now, ago] = (await response.text()).split(" ");
  const first = mark === null;
  const other = now !== mark;
  mark = now;
  // What happened after the server had read this page, and before it asked for the first time, is not on it.
  return first ? Number(ago) * 1000 <= performance.now() + 1000 : other;
}

// True when every region could be exchanged.
async function refresh() {
  const from = document.querySelector("[data-live-from]")?.dataset.liveFrom ?? location.href;
  const response = await ask(from, { "X-Live": "1", "X-Answers": "headers" });
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) return true; // gone, or no longer ours: whoever presses something there is told
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  let left = 0;
  let news = 0;
  for (const [region, next] of pairs(fresh)) {
    if (isBusy(region)) left += 1;
    else news += exchange(region, next);
  }
  if (news) announce();
  return left === 0;
}

// Region by region; the whole content where a list was empty, or has become so, and other regions stand on the page now.
function pairs(fresh) {
  const main = document.getElementById("main");
  const names = (root) => [...root.querySelectorAll("[data-live][id]")].map(({ id }) => id).join(" ");
  const next = fresh.getElementById("main");
  if (next && names(main) !== names(next)) return [[main, next]];
  return regions().map((region) => [region, fresh.getElementById(region.id)]);
}

function isBusy(region) {
  const focused = document.activeElement;
  if (region.contains(focused) && focused.matches(TYPED_INTO)) return true;
  if (region.querySelector("dialog[open], [data-busy], [data-signed]")) return true;
  const selection = getSelection();
  if (!selection.isCollapsed && region.contains(selection.anchorNode)) return true;
  return [...region.querySelectorAll("form[method=post]")].some(isTypedInto);
}

function isTypedInto(form) {
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
    if (field.type === "file") return field.files.length > 0;
    return field.matches(TYPED_INTO) && field.value !== field.defaultValue;
  });
}

// How many rows are new or say something else.
function exchange(region, next) {
  const before = new Map(rows(region).map((row) => [nameOf(row), words(row)]));
  const said = words(region);
  if (said === words(next)) return 0;
  keepWhatIsOpen(region, next);
  const focused = region.contains(document.activeElement) ? trail(document.activeElement) : null;
  window.htmx.swap({ target: region, swap: "innerMorph", text: next.innerHTML, sourceElement: region });
  if (focused && !region.contains(document.activeElement)) region.querySelector(focused)?.focus({ preventScroll: true });
  const fresh = rows(region).filter((row) => before.get(nameOf(row)) !== words(row));
  for (const row of fresh) point(row);
  return 1;
}

const rows = (region) => [...region.querySelectorAll(ROWS)].filter((row) => row.querySelector("a[href]") || row.id);
const nameOf = (row) => row.id || row.querySelector("a[href]").getAttribute("href");
const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
const trail = (element) => {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
};

// What somebody has unfolded or ticked is his, not the server's.
function keepWhatIsOpen(region, next) {
  const folds = [...next.querySelectorAll("details")];
  for (const fold of region.querySelectorAll("details[open]")) {
    const same = folds.find((one) => words(one.querySelector("summary") ?? one) === words(fold.querySelector("summary") ?? fold));
    if (same) same.open = true;
  }
  for (const box of region.querySelectorAll("input[type=checkbox]:checked")) {
    const same = [...next.querySelectorAll("input[type=checkbox]")].find((one) => one.name === box.name && one.value === box.value);
    same?.setAttribute("checked", "");
  }
}

function point(row) {
  row.dataset.justChanged = "";
  setTimeout(() => delete row.dataset.justChanged, 4000);
}

function announce() {
  const region = document.getElementById("live-news");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = saidUpdated));
}

function signedOut() {
  toast(saidSignedOut, "error", signIn && { href: `${signIn}?${new URLSearchParams({ next: location.pathname + location.search })}`, text: saidSignIn });
}

if (ticket) {
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again(0));
  addEventListener("online", () => again(0));
  addEventListener("pagehide", () => clearTimeout(timer));
  addEventListener("pageshow", (event) => event.persisted && again(0));
  again(1000);
}
