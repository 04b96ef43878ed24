// The way back to a form that is done: the browser shows what was typed, but the page is a new one, with new keys in its
// form. Sent again as it stands it gets the keys it was sent with, and the server leads on to what was done; with other
// words in it, it is a new form. What was sent is kept with the page's place in the history of this tab, and goes with it.

const KEYS = ["once", "key"];
const UNSAID = new Set([...KEYS, "csrfmiddlewaretoken"]);

const said = (form) => JSON.stringify([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNSAID.has(name)));
const keyed = (form) => KEYS.map((name) => form.elements[name]).filter((field) => field instanceof HTMLInputElement);

export function remember(form, address) {
  const keys = Object.fromEntries(keyed(form).map((field) => [field.name, field.value]));
  const sent = { ...history.state?.sent, [address.pathname]: { said: said(form), keys } };
  history.replaceState({ ...history.state, sent }, "");
}

export function asSentBefore(form, address) {
  const before = history.state?.sent?.[address.pathname];
  if (!before || before.said !== said(form)) return;
  for (const field of keyed(form)) field.value = before.keys[field.name] ?? field.value;
}
