// Photos are shown before they are sent. Each taking adds to what is already there; what is too large is said at once.

import { onArrival } from "./arrival.js";

onArrival("[data-photos]", (element) => {
  const input = element.querySelector("input[type=file]");
  const list = element.querySelector(".photos-list");
  const error = element.querySelector("[data-photos-error]");
  const remove = element.querySelector("template");
  const said = element.dataset;
  let files = [];

  function take(added) {
    const refused = [];
    for (const file of added) {
      if (!file.type.startsWith("image/")) refused.push(said.notPhoto.replace("{name}", file.name));
      else if (file.size > said.limit * 1024 * 1024) refused.push(said.tooLarge.replace("{name}", file.name));
      else if (!files.some((one) => one.name === file.name && one.size === file.size)) files.push(file);
    }
    error.querySelector("span").textContent = refused.join(" ");
    error.hidden = refused.length === 0;
    show();
  }

  function show() {
    const sent = new DataTransfer();
    files.forEach((file) => sent.items.add(file));
    input.files = sent.files;
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    list.replaceChildren(...files.map(slip));
  }

  function slip(file) {
    const figure = Object.assign(document.createElement("figure"), { className: "photo" });
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
    const name = Object.assign(document.createElement("figcaption"), { textContent: file.name });
    const button = remove.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", said.remove.replace("{name}", file.name));
    button.addEventListener("click", () => {
      files = files.filter((one) => one !== file);
      show();
      input.focus();
    });
    figure.append(image, name, button);
    return figure;
  }

  input.addEventListener("change", () => take([...input.files]));
  for (const name of ["dragenter", "dragover"]) element.addEventListener(name, () => (said.over = ""));
  for (const name of ["dragleave", "drop"]) element.addEventListener(name, () => delete said.over);
});
