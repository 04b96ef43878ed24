// The command palette: one field over the commands of the actor, the acts of the page and what the server finds.
// A combobox: the focus stays in the field, the arrows move through the list, Enter does what a click would.

import { act, offered } from "./keys.js";
import { choose } from "./theme.js";
import { toast } from "./toast.js";

const WAIT = 120; // after the last letter, before the server is asked

let dialog = null;

export async function show(address) {
  if (dialog?.open) return dialog.close();
  const acts = offered();
  const answer = await fetch(`${address}?${new URLSearchParams(acts.map(({ text }) => ["act", text]))}`);
  if (answer.redirected) return location.reload(); // signed out: to the sign-in page, and back to this one
  if (!answer.ok) throw new Error(`the palette answered ${answer.status}`);
  dialog?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  dialog = holder.content.querySelector("dialog");
  document.body.append(dialog);
  await styled(dialog.querySelector("link"));
  wire(dialog, acts);
  dialog.showModal();
}

function styled(link) {
  if (link.sheet) return undefined;
  return new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done);
  });
}

function wire(palette, acts) {
  const input = palette.querySelector("#palette-input");
  const found = palette.querySelector("[data-found]");
  const always = palette.querySelector("[data-always]");
  const count = palette.querySelector("[data-count]");
  let active = null;
  let moved = false; // by the arrows: then what arrives later does not take the choice away
  let timer = 0;
  let request = null;

  const options = () => [...palette.querySelectorAll("[role=option]")].filter((one) => !one.closest("[hidden], [data-stale]"));

  function activate(option) {
    active?.setAttribute("aria-selected", "false");
    active = option ?? null;
    if (!active) return input.removeAttribute("aria-activedescendant");
    active.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  function refresh() {
    const shown = options();
    if (!moved || !shown.includes(active)) activate(shown[0]);
    if (shown[0] === active) palette.querySelector(".palette-list").scrollTop = 0;
    count.textContent = count.dataset.count.replace("{number}", shown.length);
  }

  function narrow(text) {
    const typed = text.toLowerCase().replace(/\s+/g, "");
    // In the middle of a word one letter or two mean nothing; a Chinese character does.
    const inside = typed.length > 2 || /[^\x00-\x7f]/.test(typed);
    const fits = (word) => word.startsWith(typed) || (inside && word.includes(typed));
    for (const group of palette.querySelectorAll("[data-commands]")) {
      const commands = [...group.querySelectorAll("[role=option]")];
      for (const one of commands) one.hidden = !one.dataset.words.split("|").some(fits);
      group.hidden = commands.every((one) => one.hidden);
    }
    always.hidden = !typed;
    for (const one of always.querySelectorAll("[data-ask]")) {
      one.href = one.dataset.ask + encodeURIComponent(text.trim());
      one.querySelector("[data-said]").textContent = text.trim();
    }
  }

  async function seek(text) {
    request = new AbortController();
    const { signal } = request;
    try {
      const answer = await fetch(`${found.dataset.found}?${new URLSearchParams({ q: text })}`, { signal });
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(`the search answered ${answer.status}`);
      const lines = await answer.text();
      if (signal.aborted) return;
      found.innerHTML = lines;
      delete found.dataset.stale;
      refresh();
    } catch (error) {
      if (error.name === "AbortError") return; // typing went on
      toast(document.body.dataset.saidOffline, "error");
      throw error;
    }
  }

  function typed() {
    clearTimeout(timer);
    request?.abort();
    moved = false;
    narrow(input.value);
    // What was found for fewer letters stays in sight, but Enter must not open it any more.
    found.dataset.stale = "";
    if (input.value.trim()) timer = setTimeout(seek, WAIT, input.value.trim());
    else found.replaceChildren();
    refresh();
  }

  function move(step) {
    const shown = options();
    if (!shown.length) return;
    moved = true;
    activate(shown[(shown.indexOf(active) + step + shown.length) % shown.length]);
  }

  input.addEventListener("input", (event) => event.isComposing || typed());
  input.addEventListener("compositionend", typed);
  palette.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move(step);
    else if (event.key === "Enter" && event.target === input) active?.click();
    else return;
    event.preventDefault();
  });
  palette.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active && options().includes(option)) {
      moved = true;
      activate(option);
    }
  });
  palette.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const { act: place, themeChoice, opens } = option.dataset;
    if (themeChoice) choose(themeChoice);
    if (place || themeChoice || opens || option.matches("[formtarget]")) palette.close();
    if (place) act(acts[Number(place)].element);
  });
  palette.addEventListener("close", () => {
    clearTimeout(timer);
    request?.abort();
  });

  for (const [place, { key }] of acts.entries()) {
    const hint = Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() });
    palette.querySelector(`[data-act="${place}"]`)?.append(hint);
  }
  palette.querySelector("[data-here]").value = location.pathname + location.search;
  narrow("");
  refresh();
}
