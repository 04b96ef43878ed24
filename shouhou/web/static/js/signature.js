// The pad on which a customer signs. What is posted is a list of strokes; a stroke is a list of [x, y, t]:
// whole numbers, x and y on a ground of 1000 × 500 from the upper left corner, t in milliseconds since the first touch.

import { onArrival } from "./arrival.js";

const WIDTH = 1000;
const HEIGHT = 500;
const NEAR = 2; // nearer points add weight and no shape
const MOST = 4000; // points; a signature has a few hundred
const PEN = 6; // line width on the ground

class Pad {
  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.ink = this.canvas.getContext("2d");
    this.posted = element.querySelector("input[type=hidden]");
    this.undoButton = element.querySelector("[data-pad-undo]");
    this.clearButton = element.querySelector("[data-pad-clear]");
    this.error = element.querySelector("[data-pad-error]");
    this.strokes = this.posted.value ? JSON.parse(this.posted.value) : [];
    this.began = 0;
    this.pointer = null;
    this.listen();
    this.changed();
  }

  listen() {
    this.canvas.addEventListener("pointerdown", (event) => this.touch(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (event) => this.lift(event));
    this.undoButton.addEventListener("click", () => this.keep(this.strokes.slice(0, -1)));
    this.clearButton.addEventListener("click", () => this.keep([]));
    this.element.closest("form")?.addEventListener("submit", (event) => this.demand(event));
    new ResizeObserver(() => this.fit()).observe(this.canvas);
    // Another theme is another ink.
    new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  touch(event) {
    if (this.pointer !== null || (event.pointerType === "mouse" && event.button !== 0)) return;
    event.preventDefault();
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    if (!this.strokes.length) this.began = event.timeStamp;
    this.strokes.push([]);
    this.add(event);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const points = event.getCoalescedEvents?.() ?? [];
    for (const point of points.length ? points : [event]) this.add(point);
  }

  lift(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.changed();
  }

  add({ clientX, clientY, timeStamp }) {
    const frame = this.canvas.getBoundingClientRect();
    const on = (value, most) => Math.round(Math.min(Math.max(value, 0), 1) * most);
    const point = [
      on((clientX - frame.left) / frame.width, WIDTH),
      on((clientY - frame.top) / frame.height, HEIGHT),
      Math.max(0, Math.round(timeStamp - this.began)),
    ];
    const stroke = this.strokes.at(-1);
    const last = stroke.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
    if (this.strokes.reduce((sum, one) => sum + one.length, 0) >= MOST) return;
    stroke.push(point);
    this.line(stroke, stroke.length - 1);
  }

  keep(strokes) {
    this.strokes = strokes;
    this.changed();
    this.draw();
    if (!strokes.length) this.canvas.closest(".pad-field").scrollIntoView({ block: "nearest" });
  }

  changed() {
    const signed = this.strokes.some((stroke) => stroke.length > 1); // a dot alone is no signature
    this.posted.value = signed ? JSON.stringify(this.strokes) : "";
    this.element.toggleAttribute("data-signed", signed);
    this.undoButton.disabled = this.clearButton.disabled = !this.strokes.length;
    if (signed) this.error.hidden = true;
    this.element.dispatchEvent(
      new CustomEvent("pad:change", { bubbles: true, detail: { strokes: this.strokes.length } }),
    );
  }

  demand(event) {
    if (!("required" in this.element.dataset) || this.posted.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.error.querySelector("span").textContent = this.element.dataset.unsigned;
    this.error.hidden = false;
    this.element.scrollIntoView({ block: "center" });
  }

  fit() {
    const sharp = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.canvas.clientWidth * sharp);
    this.canvas.height = Math.round((this.canvas.clientWidth * sharp * HEIGHT) / WIDTH);
    this.draw();
  }

  draw() {
    this.ink.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) stroke.forEach((_, index) => this.line(stroke, index));
  }

  // One piece of a stroke: a curve from the middle of the last two points to the middle of the next two.
  line(stroke, index) {
    const scale = this.canvas.width / WIDTH;
    const at = (point) => [point[0] * scale, point[1] * scale];
    const middle = (one, other) => [((one[0] + other[0]) / 2) * scale, ((one[1] + other[1]) / 2) * scale];
    this.ink.strokeStyle = this.ink.fillStyle = getComputedStyle(this.canvas).color;
    this.ink.lineWidth = PEN * scale;
    this.ink.lineCap = this.ink.lineJoin = "round";
    this.ink.beginPath();
    if (index === 0) {
      this.ink.arc(...at(stroke[0]), (PEN * scale) / 2, 0, 2 * Math.PI);
      this.ink.fill();
      return;
    }
    const from = index === 1 ? at(stroke[0]) : middle(stroke[index - 2], stroke[index - 1]);
    this.ink.moveTo(...from);
    this.ink.quadraticCurveTo(...at(stroke[index - 1]), ...middle(stroke[index - 1], stroke[index]));
    this.ink.stroke();
  }
}

onArrival("[data-pad]", (element) => new Pad(element));
