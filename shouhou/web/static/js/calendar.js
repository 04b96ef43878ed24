// The year of a calendar: one stop of the tab key, then the arrow keys; a week up and down, a day left and right, Home and End
// to the ends of the month. The day that is shown beside it is marked, and takes the focus when it comes.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const DAY = 86400000;

const months = document.querySelector("[data-days]");
const links = months ? [...months.querySelectorAll("a")] : [];
const dayOf = (link) => new URLSearchParams(link.getAttribute("href").split("#")[0]).get("day");
const byDay = new Map(links.map((link) => [dayOf(link), link]));

function stopAt(link) {
  for (const one of links) one.tabIndex = one === link ? 0 : -1;
}

function choose(day) {
  for (const one of links) one.toggleAttribute("data-chosen", dayOf(one) === day);
  if (byDay.has(day)) stopAt(byDay.get(day));
}

function target(link, key) {
  const inMonth = [...link.closest("table").querySelectorAll("a")];
  if (key === "Home") return inMonth[0];
  if (key === "End") return inMonth.at(-1);
  const moved = new Date(Date.parse(dayOf(link)) + (STEPS[key] ?? 0) * DAY);
  return byDay.get(moved.toISOString().slice(0, 10));
}

months?.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in STEPS || event.key === "Home" || event.key === "End")) return;
  const link = event.target.closest("a");
  const next = link && target(link, event.key);
  if (!link) return;
  event.preventDefault();
  if (!next) return;
  stopAt(next);
  next.focus();
});

document.addEventListener("htmx:after:swap", () => {
  const card = document.getElementById("day");
  if (!card?.dataset.day) return;
  if (!months.querySelector(`[data-chosen][href^="?day=${card.dataset.day}"]`)) {
    choose(card.dataset.day);
    history.replaceState(history.state, "", `?day=${card.dataset.day}`);
    (card.querySelector("input:checked") ?? card).focus({ preventScroll: false });
  }
});

stopAt(months?.querySelector("[data-chosen]") ?? months?.querySelector("[aria-current]") ?? links[0]);
