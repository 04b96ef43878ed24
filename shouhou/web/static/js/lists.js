// Lists that are walked with the arrow keys (or j and k); to the next list and back with right and left. Enter does what it
// always does: it opens the link or presses the button that has the focus.

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const ACROSS = { ArrowRight: 1, ArrowLeft: -1 };
const TYPED_INTO = "textarea, select, [contenteditable], input";
const OFF = "single-keys-off";

const shown = (root, selector) => [...root.querySelectorAll(selector)].filter((one) => one.checkVisibility() && !one.disabled);
const lists = () => shown(document, "[data-list]").filter((list) => shown(list, "[data-list-item]").length);

function go(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const list = document.activeElement.closest("[data-list]") ?? lists()[0];
  if (!list) return false;
  const items = shown(list, "[data-list-item]");
  const here = items.indexOf(document.activeElement);
  const start = here >= 0 ? here + step : Math.max(0, items.findIndex((one) => one.matches("[aria-current]")));
  go(items[Math.min(Math.max(start, 0), items.length - 1)]);
  return true;
}

function cross(step) {
  const all = lists();
  const here = all.indexOf(document.activeElement.closest("[data-list]"));
  const list = all[here + step];
  if (here < 0 || !list) return false;
  go(list.querySelector("[data-list-item][aria-current]") ?? shown(list, "[data-list-item]")[0]);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog:modal")) return;
  if (event.target.matches?.(TYPED_INTO)) return;
  // A key held down must not send the next technician as well.
  if (event.key === "Enter" && event.repeat && event.target.matches?.("[data-list-item]")) return event.preventDefault();
  if ((event.key === "j" || event.key === "k") && localStorage.getItem(OFF)) return;
  const done = event.key in STEPS ? walk(STEPS[event.key]) : event.key in ACROSS && cross(ACROSS[event.key]);
  if (done) event.preventDefault();
});
