// The results of a search are walked with the arrow keys: from the field down into the list, and the first line is ready for Enter.

import "./lists.js";

const first = document.querySelector("[data-hits] [data-list-item]");

document.getElementById("find")?.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || event.isComposing || !first) return;
  event.preventDefault();
  first.focus();
});

first?.focus({ preventScroll: true });
