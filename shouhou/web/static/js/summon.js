// Ctrl or ⌘ K, and whatever says data-palette="address", bring up the command palette. It is fetched when it is first wanted.

import { toast } from "./toast.js";

async function summon() {
  const from = document.querySelector("[data-palette]");
  if (!from) return;
  try {
    const { show } = await import("./palette.js");
    await show(from.dataset.palette);
  } catch (error) {
    toast(document.body.dataset.saidOffline, "error");
    throw error;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
  if (event.key.toLowerCase() !== "k") return;
  event.preventDefault(); // else the browser's own search
  summon();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-palette]")) return;
  event.target.closest("details.menu")?.removeAttribute("open");
  summon();
});
