// Photos are shown before they are sent, made smaller where that loses nothing, and sent one by one: each says how far it is,
// and one that did not get through stays and can be sent again, also after signing in again. Without a script the form sends
// them all at once.

import { onArrival } from "./arrival.js";
import { forget, keep, keptFor } from "./unsent.js";

const LONGEST = 2048; // what the server keeps; more would only cost time on the way
const SMALL = 1024 * 1024;

onArrival("[data-photos]", (element) => {
  const input = element.querySelector("input[type=file]");
  const list = element.querySelector(".photos-list");
  const error = element.querySelector("[data-photos-error]");
  const pattern = element.querySelector("template");
  const form = element.closest("form");
  const said = element.dataset;
  const address = form ? new URL(form.action).pathname : location.pathname;
  let shots = []; // { file, name, from, figure, key }

  async function take(added) {
    const refused = [];
    for (const chosen of added) {
      if (!chosen.type.startsWith("image/")) {
        refused.push(said.notPhoto.replace("{name}", chosen.name));
        continue;
      }
      if (shots.some(({ name, from }) => name === chosen.name && from === chosen.size)) continue;
      const file = await smaller(chosen);
      if (file.size > said.limit * 1024 * 1024) refused.push(said.tooLarge.replace("{name}", chosen.name));
      else add({ file, name: chosen.name, from: chosen.size, key: newKey() });
    }
    complain(refused.join(" "));
    show();
  }

  function add(shot) {
    shots.push({ ...shot, figure: slip(shot) });
    keep(shot, address);
  }

  async function giveBack() {
    for (const shot of await keptFor(address)) shots.push({ ...shot, figure: slip(shot) });
    if (shots.length) show();
  }

  function complain(words) {
    error.querySelector("span").textContent = words;
    error.hidden = !words;
  }

  function show() {
    const sent = new DataTransfer();
    shots.forEach(({ file }) => sent.items.add(file));
    input.files = sent.files;
    list.replaceChildren(...shots.map(({ figure }) => figure));
  }

  function slip(shot) {
    const figure = pattern.content.firstElementChild.cloneNode(true);
    figure.querySelector("img").src = URL.createObjectURL(shot.file);
    figure.querySelector("figcaption").textContent = shot.name;
    const button = figure.querySelector("[data-photo-remove]");
    button.setAttribute("aria-label", said.remove.replace("{name}", shot.name));
    button.addEventListener("click", () => {
      drop(shots.find(({ key }) => key === shot.key));
      show();
      input.focus();
    });
    figure.querySelector("[data-photo-again]").addEventListener("click", () => form.requestSubmit());
    return figure;
  }

  function drop(shot) {
    URL.revokeObjectURL(shot.figure.querySelector("img").src);
    shots = shots.filter((one) => one !== shot);
    forget(shot);
  }

  giveBack();
  input.addEventListener("change", () => take([...input.files]));
  for (const name of ["dragenter", "dragover"]) element.addEventListener(name, () => (said.over = ""));
  for (const name of ["dragleave", "drop"]) element.addEventListener(name, () => delete said.over);

  let sending = false;

  // Before htmx and before the browser: both would send all of them in one request, which a weak connection never finishes.
  form?.addEventListener(
    "submit",
    (event) => {
      if (!shots.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!sending) sendAll(event.submitter);
    },
    { capture: true },
  );

  async function sendAll(button) {
    sending = true;
    button?.setAttribute("data-busy", "");
    let page = null;
    try {
      for (const shot of [...shots]) {
        const answer = await send(form, input.name, shot);
        if (answer.ok) {
          page = answer.page;
          drop(shot);
        } else {
          state(shot, "failed");
          complain(answer.words || said.notSent);
          if (answer.atSignIn) return toSignIn();
          if (!answer.words) break; // no connection: the others would not get through, either
        }
      }
    } finally {
      sending = false;
      button?.removeAttribute("data-busy");
    }
    if (!shots.length) {
      history.replaceState(null, "", page);
      return location.reload(); // unlike going there anew, this stays where one was on the page
    }
    show();
  }
});

// The way leads back to this page, where the photos are waiting.
function toSignIn() {
  location.assign(`${document.body.dataset.signIn}?${new URLSearchParams({ next: location.pathname })}`);
}

function state(shot, name) {
  shot.figure.dataset.state = name;
  shot.figure.querySelector("progress").hidden = name !== "sending";
  shot.figure.querySelector("[data-photo-again]").hidden = name !== "failed";
}

// One photo under a key of its own: sent again because its answer was lost, it is not there twice.
function send(form, name, shot) {
  const fields = new FormData(form);
  fields.delete(name);
  fields.append(name, shot.file, shot.file.name);
  fields.set("once", shot.key);
  const progress = shot.figure.querySelector("progress");
  state(shot, "sending");
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", ({ loaded, total }) => (progress.value = loaded / total));
    request.addEventListener("load", () => done(answerOf(request)));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => done({ ok: false, words: "" }));
    request.timeout = 60_000;
    request.send(fields);
  });
}

// Done leads to the page of the order or visit; a refusal is that page with the words beside the photos.
function answerOf(request) {
  const atSignIn = new URL(request.responseURL).pathname === document.body.dataset.signIn;
  if (atSignIn) return { ok: false, words: document.body.dataset.saidSignedOut, atSignIn };
  if (request.status < 300) return { ok: true, page: request.responseURL.replace(/[?&]region=\w+/, "") };
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  return { ok: false, words: page.querySelector("[data-photos-error]:not([hidden])")?.textContent.trim() ?? "" };
}

async function smaller(file) {
  if (file.size < SMALL) return file;
  const picture = await createImageBitmap(file).catch(() => null); // a picture this browser cannot read: the server decides
  if (!picture) return file;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!made || made.size >= file.size) return file;
  return new File([made], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
}

// crypto.randomUUID is there only on secure connections; a shop's own network may have none.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
