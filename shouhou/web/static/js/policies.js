// The line of a pack that was refused: a click brings the cursor there.

import { onArrival } from "./arrival.js";

onArrival("[data-goes-to-line]", (button) => {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.in);
    const lines = field.value.split("\n");
    const line = Math.min(Number(button.dataset.goesToLine), lines.length);
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + lines[line - 1].length);
    field.scrollTop = Math.max(0, (line - 4) * (field.scrollHeight / lines.length));
    field.scrollIntoView({ block: "nearest" });
  });
});
