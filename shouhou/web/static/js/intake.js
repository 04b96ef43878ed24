// The intake without the mouse: arrows walk through what was found, Enter takes it, Ctrl + Enter enters the call.

import { onArrival } from "./arrival.js";

const links = () => [...document.querySelectorAll("#matches a")];

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form[data-intake]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.target.matches?.("[data-matches]")) fromField(event);
  else if (event.target.matches?.("#matches a")) fromMatch(event);
  else if (event.key === "Enter" && event.target.matches?.(".units input[type=radio]")) fromUnit(event);
});

function fromField(event) {
  const first = links()[0];
  if (event.key === "ArrowDown" && first) {
    event.preventDefault();
    first.focus();
  } else if (event.key === "Enter") {
    // Enter in the look-up takes the first match; it never enters an unfinished call.
    event.preventDefault();
    first?.click();
  }
}

function fromMatch(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const all = links();
    const next = all[all.indexOf(event.target) + step];
    (next ?? (step < 0 ? document.querySelector("[data-matches]") : event.target)).focus();
  } else if (event.key === "Escape") {
    document.querySelector("[data-matches]")?.focus();
  }
}

// Enter takes the unit that has the focus and goes on to what is wrong with it; of an unknown one the fields come first.
function fromUnit(event) {
  event.preventDefault();
  const radio = event.target;
  if (!radio.checked) radio.click();
  const next = { new: "#id_product_model", serial: "#id_serial" }[radio.value] ?? "#id_fault";
  document.querySelector(next)?.focus();
}

// What was chosen leaves one thing to be written next. Not on a phone: there the page would jump away from the choice.
const byFinger = matchMedia("(pointer: coarse)").matches;

onArrival("[data-focus-next]", (mark) => {
  if (!byFinger) document.querySelector(mark.dataset.focusNext)?.focus();
});
onArrival("#who [autofocus]", (field) => byFinger || field.focus());
onArrival("form[data-intake]", (form) => form.querySelector("[aria-invalid=true]")?.focus());
