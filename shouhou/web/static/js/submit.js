// A form is sent once. The button that sent it shows that it works until the page goes or the answer is there.
// Buttons are never disabled for this: a disabled button's name and value would be missing from what is sent.
//
// Forms of the page are sent by us and not by the browser, so that a server that cannot be reached leaves the page as it is,
// with everything typed, chosen, photographed and signed in it. Without a script they are sent as ever.

import { forgetDone } from "./drafts.js";
import { say } from "./requests.js";
import { asSentBefore, remember } from "./sent.js";

const GIVE_UP = 15000; // an answer that is a download leaves the page where it is
const PATIENCE = 30000;

const sending = new WeakMap();

function begin(form, submitter) {
  // Sent by a key, no button was pressed: then the one that would have been shows it.
  const button = submitter ?? form.querySelector("[type=submit]:not([formaction])");
  sending.set(form, { button, timer: setTimeout(() => end(form), GIVE_UP) });
  button?.setAttribute("data-busy", "");
}

function end(form) {
  const { button, timer } = sending.get(form) ?? {};
  clearTimeout(timer);
  button?.removeAttribute("data-busy");
  sending.delete(form);
}

const writes = (form) => form instanceof HTMLFormElement && form.method === "post";

// Signing in and the like are left to the browser, and so is what opens in a window of its own.
function sentByUs(form, button) {
  const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
  const elsewhere = button?.getAttribute("formtarget") || form.getAttribute("target");
  const ours = document.body.dataset.user && form.elements.once && address.origin === location.origin;
  return ours && !elsewhere && form.closest("#main") ? address : null;
}

let lastButton = null;

document.addEventListener(
  "submit",
  (event) => {
    if (!writes(event.target)) return;
    lastButton = event.submitter;
    if (sending.has(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  { capture: true },
);

// The last to hear of it: whoever refused to send (a missing signature) has said so by now. htmx also prevents the default,
// and tells below when its request begins.
window.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!writes(form) || event.defaultPrevented) return;
  begin(form, submitter);
  const address = sentByUs(form, submitter);
  if (!address) return;
  event.preventDefault();
  send(form, submitter, address);
});

async function send(form, button, address) {
  asSentBefore(form, address);
  const fields = new FormData(form, button);
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  clearTimeout(sending.get(form)?.timer);
  let response, text;
  try {
    response = await fetch(address, {
      method: "POST",
      body,
      headers: { "X-Answers": "headers" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await response.text();
  } catch {
    // Perhaps it arrived and only the answer was lost: the form keeps its key, so sending it again is harmless.
    say("offline");
    return end(form);
  }
  const next = response.headers.get("X-Location");
  if (next) {
    remember(form, address);
    return go(next);
  }
  end(form);
  if (response.status === 401 || !response.headers.get("Content-Type")?.startsWith("text/html")) return say(response);
  if (response.status >= 400 && ![400, 409, 422].includes(response.status)) return say(response);
  show(text);
}

function go(next) {
  forgetDone();
  const there = new URL(next, location.href);
  const here = there.pathname + there.search === location.pathname + location.search;
  location.assign(there);
  if (here && there.hash) location.reload();
}

// The same page with what was refused and why: only its content is exchanged, the address stays one that can be opened again.
function show(text) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  const main = document.getElementById("main");
  const shown = answer.getElementById("main");
  if (!shown) return say("failed");
  document.title = answer.title;
  main.replaceChildren(...shown.childNodes);
  window.htmx?.process(main);
  const wrong = main.querySelector("[aria-invalid=true]") ?? main.querySelector(".notice");
  wrong?.scrollIntoView({ block: "center" });
  if (wrong?.matches("[aria-invalid=true]")) wrong.focus({ preventScroll: true });
  else main.focus({ preventScroll: true });
}

document.addEventListener("htmx:before:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  if (source instanceof HTMLFormElement) begin(source, lastButton);
});

document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement: source, response } = event.detail.ctx;
  if (!(source instanceof HTMLFormElement)) return;
  end(source);
  // What was answered is through; the form that stays on the page is a new one when it is sent again.
  if (response && source.isConnected && source.elements.once) source.elements.once.value = newKey();
});

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Back from the page that followed: the browser shows this one as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sending.has(form) && end(form));
});
