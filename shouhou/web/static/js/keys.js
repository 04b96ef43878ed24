// Single keys. An element says its key itself: data-key="n". A field is focused, anything else is clicked.
// The sheet behind "?" is read off the page, so it is always complete.

import { onArrival } from "./arrival.js";

const OFF = "single-keys-off";
const SAME_KEY = { "？": "?", "、": "/", "／": "/", "【": "[", "】": "]" }; // what a Chinese keyboard layout sends for ?, / and brackets
const TYPED_INTO =
  "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

const scope = () => document.querySelector("dialog:modal") ?? document;
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const find = (key) => [...scope().querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];

export function act(element) {
  if (element.matches(TYPED_INTO)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

// What the page (or the dialog that is open) offers by a key, without the sheet of keys and the search field.
export function offered() {
  const keys = [...scope().querySelectorAll("[data-key]")].map((element) => element.dataset.key);
  return [...new Set(keys)].flatMap((key) => {
    const element = find(key).find(visible) ?? find(key)[0];
    if (key === "?" || key === "/" || element.disabled) return [];
    return [{ key, element, text: element.dataset.keySays ?? words(element) }];
  });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const key = (SAME_KEY[event.key] ?? event.key).toLowerCase();
  if (event.target.matches?.(TYPED_INTO)) {
    if (event.key === "Escape" && event.target.type === "search") event.target.blur();
    return;
  }
  if (localStorage.getItem(OFF)) return;
  // What lies in a closed menu keeps its key; of two the visible one wins.
  const element = find(key).find(visible) ?? find(key)[0];
  if (element && !element.disabled) {
    event.preventDefault();
    act(element);
  }
});

onArrival("[data-keys-list]", (list) => {
  const sheet = list.closest("dialog");
  new MutationObserver(() => sheet.open && list.replaceChildren(...lines())).observe(sheet, {
    attributeFilter: ["open"],
  });
});

function lines() {
  const said = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!said.has(element.dataset.key)) said.set(element.dataset.key, element.dataset.keySays ?? words(element));
  }
  return [...said].flatMap(([key, text]) => {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() }));
    return [term, Object.assign(document.createElement("dd"), { textContent: text })];
  });
}

function words(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
  return copy.textContent.trim();
}

// Someone who works by voice or with a shaking hand can switch single keys off (WCAG 2.1.4).
onArrival("[data-keys-switch]", (box) => {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
});
