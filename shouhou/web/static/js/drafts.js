// Nothing typed is lost: what stands in a form is kept in the browser until the server says that the form is done.
//
// A draft lives in sessionStorage, that is in this tab and no longer than it: a desk is shared, and what is typed there are
// names, telephone numbers and addresses. A page loaded again, the way back, a session that expired, a server that could not
// be reached: the form comes back filled in, ready to be sent, and says so. It never sends itself. Passwords, tokens and files
// are not kept; a draft is given back only to the user who wrote it, and signing out forgets them all.

import { onArrival } from "./arrival.js";

const PREFIX = "draft:";
const UNSEEN = new Set(["csrfmiddlewaretoken", "once", "seen"]);
const PAUSE = 300;
const user = document.body?.dataset.user ?? "";

const all = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const addressOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const keyOf = (form) => PREFIX + addressOf(form);
const unseen = (name) => UNSEEN.has(name) || name.startsWith("was_");

function keeps(form) {
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || "noDraft" in form.dataset) return false;
  return !form.querySelector("input[type=password]") && [...form.elements].some(typedInto);
}

function typedInto(field) {
  return field.name && !unseen(field.name) && field.matches("input:not([type=hidden], [type=submit], [type=file]), textarea, select, [data-drafted]");
}

function written(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !unseen(name));
}

function keep(form) {
  if (!form.isConnected || !keeps(form)) return;
  const draft = { user, once: form.elements.once?.value, fields: written(form) };
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
  } catch {
    // The tab's store is full. What is being typed now is worth more than what was left elsewhere.
    all().forEach((key) => sessionStorage.removeItem(key));
    sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

// A form that is done is named by the server in a cookie; nothing else removes a draft but signing out.
export function forgetDone() {
  const done = document.cookie.match(/(?:^|;\s*)done=([^;]+)/)?.[1];
  if (!done) return;
  for (const key of all()) if (read(key)?.once === done) sessionStorage.removeItem(key);
}

function giveBack(form) {
  const draft = read(keyOf(form));
  if (!draft || !keeps(form)) return;
  const missing = needed(form, draft);
  if (missing) return location.replace(missing);
  const changed = fill(form, draft.fields);
  keep(form); // under the key that this form carries
  if (!changed) return;
  for (let fold = form.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  const said = document.querySelector("#draft-back")?.content.firstElementChild.cloneNode(true);
  if (said) {
    said.querySelector("[data-draft-drop]").addEventListener("click", () => {
      sessionStorage.removeItem(keyOf(form));
      location.reload();
    });
    form.prepend(said);
  }
}

// A form whose upper part the server draws (the caller chosen at intake) names the fields that its address has to tell.
function needed(form, draft) {
  const wanted = (form.dataset.draftNeeds ?? "").split(" ").filter(Boolean);
  const address = new URL(location.href);
  const names = Object.fromEntries(draft.fields);
  let changed = false;
  for (const name of wanted) {
    if (!names[name] || form.elements[name] || address.searchParams.get(name) === names[name]) continue;
    address.searchParams.set(name, names[name]);
    changed = true;
  }
  return changed ? address.href : null;
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  let changed = false;
  for (const field of form.elements) {
    if (!typedInto(field)) continue;
    const said = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = said.includes(field.value);
      changed ||= wanted !== field.checked;
      field.checked = wanted;
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = said.includes(option.value);
    } else if (said.length && field.value !== said[0]) {
      field.value = said.shift();
      changed = true;
    } else {
      said.shift();
    }
  }
  return changed;
}

const waiting = new Map();

function soon(event) {
  const form = event.target.closest?.("form") ?? event.target.form;
  if (!form || !keeps(form)) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => now(form), PAUSE));
}

function now(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  keep(form);
}

if (user) {
  for (const key of all()) if (read(key)?.user !== user) sessionStorage.removeItem(key);
  forgetDone();
  onArrival("form[method=post]", giveBack);
  for (const name of ["input", "change", "pad:change"]) document.addEventListener(name, soon);
  document.addEventListener("submit", ({ target }) => keeps(target) && now(target), { capture: true });
  document.addEventListener("htmx:finally:request", forgetDone);
  addEventListener("pagehide", () => [...waiting.keys()].forEach(now));
  document.addEventListener("submit", ({ target }) => {
    if ("signOut" in target.dataset) all().forEach((key) => sessionStorage.removeItem(key));
  });
}
