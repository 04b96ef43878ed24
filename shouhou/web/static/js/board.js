// The load board by keyboard: up and down go to the technician above or below at about the same hour, right and left along
// his day, left from the first goes back to the calls. A move chooses, as it does in any group of radio buttons; Enter sends.

const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

const inRow = (row) => [...row.querySelectorAll("input[name=pick]")].filter((one) => one.checkVisibility());
const middle = (one) => {
  const box = one.closest("td, th").getBoundingClientRect();
  return box.left + box.width / 2;
};

function choose(radio) {
  radio.checked = true;
  radio.focus();
  radio.closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const radio = event.target;
  if (!radio.matches?.("[data-board] input[name=pick]") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter") {
    // A key held down must not send the next call as well.
    if (event.repeat) event.preventDefault();
    radio.checked = true;
    return;
  }
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const [down, along] = step;
  const row = radio.closest("tr");
  if (along) {
    const own = inRow(row);
    const next = own[own.indexOf(radio) + along];
    if (next) choose(next);
    else if (along < 0) document.querySelector(".dispatch-queue [aria-current]")?.focus();
    return;
  }
  const rows = [...row.parentElement.rows].filter((one) => inRow(one).length);
  const other = rows[rows.indexOf(row) + down];
  if (!other) return;
  const here = middle(radio);
  // The name stands for “no time agreed”: from a name one goes to a name, from an hour to the nearest hour.
  const choices = inRow(other);
  const hours = radio.closest("th") ? choices.slice(0, 1) : choices.slice(1);
  const nearest = (hours.length ? hours : choices).reduce((best, one) =>
    Math.abs(middle(one) - here) < Math.abs(middle(best) - here) ? one : best,
  );
  choose(nearest);
});
