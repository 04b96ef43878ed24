// Help as a page is printed by its button.

import { onArrival } from "./arrival.js";

onArrival("[data-prints]", (button) => button.addEventListener("click", () => window.print()));
