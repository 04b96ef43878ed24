// Scanning into a field. A field says itself that it can be scanned into (data-scan); a button elsewhere names its field
// (data-scan-for). What was read is shown, with what it is here, before it is taken. The camera runs only while the dialog is
// open. A field with data-scan-sends sends its form at once.

import { onArrival } from "./arrival.js";
import { decoder } from "./decoder.js";

const PAUSE = 120; // milliseconds between two looks at the picture
const dialog = document.getElementById("scan");
const part = (name) => dialog.querySelector(`[data-scan-${name}]`);
const said = dialog?.querySelector(".scan").dataset;

let field = null;
let stream = null;
let read = null; // what "Take it" takes
let visit = 0; // counts openings: what an earlier one was waiting for is not wanted any more

function open(wanted) {
  field = wanted;
  part("typed").reset();
  dialog.showModal();
  start();
}

async function start() {
  const mine = ++visit;
  forget();
  say(said.saidStarting);
  const cameras = navigator.mediaDevices;
  if (!cameras?.getUserMedia) return fail(window.isSecureContext ? said.saidMissing : said.saidInsecure);
  try {
    const opened = await cameras.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    if (mine !== visit) return opened.getTracks().forEach((track) => track.stop());
    stream = opened;
    const video = dialog.querySelector("video");
    video.srcObject = stream;
    await video.play();
    part("picture").hidden = false;
    part("torch").hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
    const look = await decoder(said.decoder);
    if (mine === visit) await watch(video, look, mine);
  } catch (error) {
    if (mine !== visit) return; // closed while it was starting
    stop();
    fail(wordsFor(error));
  }
}

async function watch(video, look, mine) {
  say(said.saidLooking);
  while (mine === visit && stream) {
    const found = video.videoWidth ? await look(video) : null;
    if (mine !== visit) return;
    if (found?.wrongKind) say(said.saidWrongKind, "bad");
    else if (found) return show(found.text, mine);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function show(text, mine) {
  navigator.vibrate?.(60);
  stop();
  const here = await meaning(text);
  if (mine !== visit) return;
  const fits = "scanSends" in field.dataset || here.fits;
  read = "scanSends" in field.dataset ? text : here.text;
  part("read").hidden = false;
  part("read").textContent = here.text || text;
  say(fits ? here.said : `${said.saidNotSerial} ${here.said}`, fits ? "" : "bad");
  part("again").hidden = false;
  part("take").hidden = !fits;
  (fits ? part("take") : part("again")).focus();
}

// The server knows what a code means. Where it cannot be reached, the code is taken as it stands.
async function meaning(text) {
  try {
    const answer = await fetch(`${said.scanReader}?${new URLSearchParams({ code: text })}`);
    if (answer.ok && !answer.redirected) return await answer.json();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // a TypeError is how fetch says that there is no connection
  }
  return { text, said: "", fits: true };
}

function take(text) {
  const into = field;
  dialog.close();
  into.value = text;
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.dispatchEvent(new Event("change", { bubbles: true }));
  if ("scanSends" in into.dataset) into.form.requestSubmit();
  else into.focus();
}

function forget() {
  read = null;
  for (const name of ["read", "again", "take", "torch", "picture"]) part(name).hidden = true;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  dialog.querySelector("video").srcObject = null;
  part("picture").hidden = part("torch").hidden = true;
  part("torch").setAttribute("aria-pressed", "false");
}

function say(words, tone = "") {
  part("said").textContent = words;
  part("said").dataset.tone = tone;
}

function fail(words) {
  say(words, "bad");
  dialog.querySelector("#scan-typed").focus();
}

function wordsFor(error) {
  const known = { NotAllowedError: "saidRefused", NotFoundError: "saidMissing", NotReadableError: "saidTaken" };
  if (!(error.name in known)) console.error(error);
  return said[known[error.name] ?? "saidBroken"];
}

async function toggleTorch() {
  const lit = part("torch").getAttribute("aria-pressed") !== "true";
  await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: lit }] });
  part("torch").setAttribute("aria-pressed", String(lit));
}

if (dialog) {
  dialog.addEventListener("close", () => {
    visit++;
    stop();
  });
  part("again").addEventListener("click", start);
  part("take").addEventListener("click", () => take(read));
  part("torch").addEventListener("click", toggleTorch);
  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = dialog.querySelector("#scan-typed").value.trim();
    if (typed) take(typed);
  });

  onArrival("input[data-scan]", (input) => {
    const focused = document.activeElement === input;
    const frame = Object.assign(document.createElement("span"), { className: "scan-field" });
    const button = document.getElementById("scan-button").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => open(input));
    input.replaceWith(frame);
    frame.append(input, button);
    if (focused) input.focus(); // to be moved costs the focus
  });

  onArrival("[data-scan-for]", (button) => {
    button.addEventListener("click", () => open(document.getElementById(button.dataset.scanFor)));
  });
}
