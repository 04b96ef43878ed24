// A form is sent once. The button that sent it shows that it works until the page goes or the answer is there.
// Buttons are never disabled for this: a disabled button's name and value would be missing from what is sent.

const GIVE_UP = 15000; // an answer that is a download leaves the page where it is

const sending = new WeakMap();

function begin(form, button) {
  sending.set(form, { button, timer: setTimeout(() => end(form), GIVE_UP) });
  button?.setAttribute("data-busy", "");
}

function end(form) {
  const { button, timer } = sending.get(form) ?? {};
  clearTimeout(timer);
  button?.removeAttribute("data-busy");
  sending.delete(form);
}

const writes = (form) => form instanceof HTMLFormElement && form.method === "post";

let lastButton = null;

document.addEventListener(
  "submit",
  (event) => {
    if (!writes(event.target)) return;
    lastButton = event.submitter;
    if (sending.has(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  { capture: true },
);

// The last to hear of it: whoever refused to send (a missing signature) has said so by now. htmx also prevents the default,
// and tells below when its request begins.
window.addEventListener("submit", (event) => {
  if (writes(event.target) && !event.defaultPrevented) begin(event.target, event.submitter);
});

document.addEventListener("htmx:before:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  if (source instanceof HTMLFormElement) begin(source, lastButton);
});

document.addEventListener("htmx:finally:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  if (source instanceof HTMLFormElement) end(source);
});

// Back from the page that followed: the browser shows this one as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sending.has(form) && end(form));
});
