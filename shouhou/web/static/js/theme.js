// System, light, dark: round and round. The choice is a cookie, so that the server draws the next page right at once.

import { onArrival } from "./arrival.js";

const ORDER = ["system", "light", "dark"];
const YEAR = 365 * 24 * 60 * 60;

const current = () => document.documentElement.dataset.theme ?? "system";

export function choose(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  document.querySelectorAll("[data-theme-toggle]").forEach(say);
}

function say(toggle) {
  const words = { system: "saidSystem", light: "saidLight", dark: "saidDark" }[current()];
  toggle.setAttribute("aria-label", toggle.dataset[words]);
  toggle.title = toggle.dataset[words];
}

onArrival("[data-theme-toggle]", (toggle) => {
  say(toggle);
  toggle.addEventListener("click", () => choose(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]));
});
