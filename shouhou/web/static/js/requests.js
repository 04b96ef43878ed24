// What goes wrong with a request is said in words. The page stays as it is, with everything that was typed.

import { toast } from "./toast.js";

const said = document.body.dataset;
const WORDS = { 403: "saidNotAllowed", 404: "saidNotFound", 413: "saidTooLarge", 429: "saidWait" };

// `what` is an answer of the server, or "offline" or "failed".
export function say(what) {
  if (what === "offline") return toast(said.saidOffline, "error");
  const status = what.status ?? 500;
  if (status === 401) return toSignIn(what);
  toast(said[WORDS[status] ?? "saidFailed"], "error");
}

// The session has ended. The way leads back to this page, where the draft of what was typed is waiting.
function toSignIn(response) {
  const address = response.headers.get("X-Sign-In") ?? said.signIn;
  if (address) location.assign(address);
}

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { raw } = ctx.response;
  const toPage = raw.redirected && said.signIn && new URL(raw.url).pathname === said.signIn;
  if (raw.status !== 401 && !toPage) return;
  event.preventDefault();
  // Only an act leaves the page for it. What htmx asked by itself, while somebody types, says so and lets him type on.
  if (ctx.request?.method === "GET" || toPage) {
    const address = raw.headers.get("X-Sign-In") ?? said.signIn;
    toast(said.saidSignedOut, "error", address && { href: address, text: said.saidSignIn });
  } else {
    toSignIn(raw);
  }
});

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status in WORDS || status >= 500) say({ status });
});

document.addEventListener("htmx:error", () => say("offline"));
