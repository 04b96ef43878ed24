// The list of the register: lines are walked (lists.js) and marked; filters open and close; columns change places.

import { onArrival } from "./arrival.js";

const rows = () => [...document.querySelectorAll("[data-choosing] tr")];
const box = (row) => row?.querySelector("[data-choose]");
const link = (row) => row.querySelector("[data-list-item]");
const boxes = () => [...document.querySelectorAll("[data-choose]")];
const hereIs = () => document.activeElement?.closest("[data-choosing] tr");

let last = null; // the line marked last: with Shift a click marks all from there

// Marks

function mark(row, on) {
  const one = box(row);
  if (!one) return;
  one.checked = on;
  last = row;
}

function count() {
  const all = boxes();
  const marked = all.filter((one) => one.checked).length;
  const bar = document.querySelector("[data-marked]");
  if (bar) {
    bar.classList.toggle("has-marks", marked > 0);
    const says = bar.querySelector("[data-marked-count]");
    says.textContent = says.dataset.says.replace("{n}", marked);
  }
  for (const one of all) one.closest("tr").toggleAttribute("data-is-marked", one.checked);
  const every = document.querySelector("[data-choose-all]");
  if (every) {
    every.checked = marked > 0 && marked === all.length;
    every.indeterminate = marked > 0 && marked < all.length;
  }
}

document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-choose]");
  if (one) {
    const row = one.closest("tr");
    const list = rows();
    const [from, to] = [list.indexOf(last), list.indexOf(row)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) list.slice(from, to + 1).forEach((each) => mark(each, one.checked));
    last = row;
    return count();
  }
  if (event.target.closest("[data-choose-all]")) {
    boxes().forEach((each) => (each.checked = event.target.checked));
    return count();
  }
  if (event.target.closest("[data-unmark]")) {
    boxes().forEach((each) => (each.checked = false));
    count();
    return rows()[0] && link(rows()[0]).focus();
  }
  if (event.target.closest("[data-mark-line]")) {
    const row = hereIs() ?? rows()[0];
    if (!row) return;
    link(row).focus();
    mark(row, !box(row).checked);
    count();
  }
});

// lists.js has walked on by now: the line that was left and the one that was reached are both marked.
document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || !["ArrowDown", "ArrowUp"].includes(event.key) || !event.target.matches?.("[data-list-item]")) return;
  mark(event.target.closest("tr"), true);
  mark(hereIs(), true);
  count();
});

// One line at a time can be reached with Tab: the one that had the focus last. The arrows do the rest.
function rove(to) {
  for (const row of rows()) link(row).tabIndex = row === to ? 0 : -1;
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-choosing] tr");
  if (row) rove(row);
});

onArrival("[data-choosing]", () => {
  boxes().forEach((one) => (one.tabIndex = -1)); // "x" marks the line; a screen reader still finds the box
  rove(rows()[0]);
  count();
});

document.addEventListener("htmx:after:swap", () => {
  if (!rows().length) return;
  boxes().forEach((one) => (one.tabIndex = -1));
  if (!rows().some((row) => link(row).tabIndex === 0)) rove(rows()[0]);
  count();
  // What had the focus is gone, such as a chip that was taken away: go on at the filter, not at the top of the page.
  if (document.activeElement === document.body) document.querySelector("#filters > summary")?.focus({ preventScroll: true });
});

// Filters

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("#filters[open]");
  if (event.key !== "Escape" || !open?.contains(event.target)) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-closes-filters]")) document.getElementById("filters").open = false;
});

// A click comes before the panel is open.
document.addEventListener("click", (event) => {
  const filters = event.target.closest("#filters > summary")?.parentElement;
  if (!filters || filters.open) return;
  setTimeout(() => filters.querySelector("input:not([type=hidden]), select")?.focus({ preventScroll: true }));
});

// Columns

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-up], [data-down]");
  const line = button?.closest("li");
  if (!line) return;
  if ("up" in button.dataset) line.previousElementSibling?.before(line);
  else line.nextElementSibling?.after(line);
  button.focus();
});

// The sheet comes as a download and leaves the page as it is.
document.addEventListener("submit", (event) => {
  if (event.target.id === "export-form") document.getElementById("export")?.close();
});
