// The tour of the first day: a note that goes from one thing to the next. It is no dialog one has to answer: everything else
// on the page works meanwhile. Where it stands is kept for this sitting, so that following a link does not begin it anew.

const GAP = 10; // pixels between the note and what it points at
const EDGE = 8;

const note = document.getElementById("tour");
if (note) walk(note);

function walk(note) {
  const seen = (element) => element?.checkVisibility?.() ?? Boolean(element?.offsetParent);
  const target = (step) => document.querySelector(`[data-tour="${CSS.escape(step.dataset.target)}"]`);
  const steps = [...note.querySelectorAll("template")].filter((step) => seen(target(step)));
  const form = note.querySelector("form");
  const place = `tour ${form.action}`;
  const again = new URLSearchParams(location.search).has("tour");
  const [back, next, skip] = ["back", "next", "skip"].map((name) => note.querySelector(`[data-tour-${name}]`));
  const said = { count: note.querySelector("[data-tour-count]").dataset.said, next: next.textContent, done: next.dataset.done };
  let at = again ? 0 : Math.min(Number(sessionStorage.getItem(place)) || 0, steps.length - 1);
  if (!steps.length) return;

  function show() {
    const step = steps[at];
    document.querySelectorAll(".tour-target").forEach((one) => one.classList.remove("tour-target"));
    target(step).classList.add("tour-target");
    note.querySelector("[data-tour-count]").textContent = said.count.replace("{at}", at + 1).replace("{of}", steps.length);
    note.querySelector("#tour-title").textContent = step.dataset.title;
    note.querySelector("#tour-text").textContent = step.dataset.text;
    back.hidden = at === 0;
    next.textContent = at === steps.length - 1 ? said.done : said.next;
    note.hidden = false;
    sessionStorage.setItem(place, at);
    target(step).scrollIntoView({ block: "nearest" });
    stand();
    note.focus({ preventScroll: true });
  }

  // Beside the rail, below everything else; on a phone the style sheet keeps it at the bottom.
  function stand() {
    if (note.hidden) return;
    const thing = target(steps[at])?.getBoundingClientRect();
    if (!thing) return;
    const { width, height } = note.getBoundingClientRect();
    const beside = thing.right + GAP + width < innerWidth && thing.left < 80;
    const left = beside ? thing.right + GAP : thing.left;
    const below = thing.bottom + GAP + height < innerHeight ? thing.bottom + GAP : thing.top - GAP - height;
    const top = beside ? thing.top : below;
    note.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
    note.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  }

  function end() {
    const inside = note.contains(document.activeElement);
    note.hidden = true;
    target(steps[at])?.classList.remove("tour-target");
    sessionStorage.removeItem(place);
    // If this does not get through, the tour comes once more: nobody has to be told.
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
    if (inside) document.getElementById("main").focus({ preventScroll: true });
  }

  function go(step) {
    at += step;
    if (at < steps.length) show();
    else (at -= step), end();
  }

  next.addEventListener("click", () => go(1));
  back.addEventListener("click", () => go(-1));
  skip.addEventListener("click", end);
  document.addEventListener("keydown", (event) => {
    const elsewhere = document.querySelector("dialog:modal, details.menu[open]");
    if (event.key === "Escape" && !note.hidden && !elsewhere && !event.defaultPrevented) end();
  });
  addEventListener("resize", stand);
  addEventListener("scroll", stand, { passive: true });
  show();
}
