// What goes wrong with a request of htmx is said in words. The page stays as it is, with everything that was typed.

import { toast } from "./toast.js";

const said = document.body.dataset;
const WORDS = { 403: "saidNotAllowed", 404: "saidNotFound", 413: "saidTooLarge", 429: "saidWait" };

document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  // The session has ended: the answer is the sign-in page, which must not land inside this one.
  const toSignIn = raw.redirected && said.signIn && new URL(raw.url).pathname === said.signIn;
  if (raw.status === 401 || toSignIn) {
    event.preventDefault();
    toast(said.saidSignedOut, "error", said.signIn && { href: said.signIn, text: said.saidSignIn });
  }
});

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status in WORDS) toast(said[WORDS[status]], "error");
  else if (status >= 500) toast(said.saidFailed, "error");
});

document.addEventListener("htmx:error", () => toast(said.saidOffline, "error"));
