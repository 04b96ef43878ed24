// Django's token changes when one signs in again, perhaps in another tab. A page that was open before would then be refused,
// with everything typed into it: so each form and request takes the token that the cookie holds at that moment.

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];

document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  },
  { capture: true },
);

document.addEventListener("htmx:config:request", (event) => {
  if (token()) event.detail.ctx.request.headers["X-CSRFToken"] = token();
});
