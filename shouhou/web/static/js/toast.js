// Short messages. The server sends one with the header  HX-Trigger: {"toast": {"text": "…", "level": "success"}}.

const STAY = 6000;

export function toast(text, level = "info", link = null) {
  const region = document.getElementById("toasts");
  const pattern = document.querySelector(`#toast-patterns > template[data-level="${level}"]`);
  const shown = pattern.content.firstElementChild.cloneNode(true);
  const words = shown.querySelector(".toast-text");
  words.textContent = text;
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link.href, textContent: link.text });
    words.append(" ", anchor);
  }
  raise(region);
  region.append(shown);
  attend(shown);
}

// An open dialog lies in the top layer, above everything; the messages have to rise there too.
function raise(region) {
  if (!("popover" in region)) return;
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function attend(shown) {
  const close = () => shown.remove();
  shown.querySelector(".toast-close").addEventListener("click", close);
  if (shown.dataset.level === "error") return; // what went wrong stays until it has been read
  let timer = setTimeout(close, STAY);
  shown.addEventListener("pointerenter", () => clearTimeout(timer));
  shown.addEventListener("focusin", () => clearTimeout(timer));
  shown.addEventListener("pointerleave", () => (timer = setTimeout(close, STAY)));
}

document.querySelectorAll("#toasts .toast").forEach(attend);
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));
