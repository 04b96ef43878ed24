// Dialogs and drawers are native <dialog>: opened by data-opens="id", closed by data-closes, Escape or a click beside them.
// The server closes one with the header  HX-Trigger: {"closeOverlay": {"id": "…"}}.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const overlay = document.getElementById(opener.dataset.opens);
    if (overlay && !overlay.open) {
      event.preventDefault();
      opener.closest("details.menu")?.removeAttribute("open");
      overlay.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});

// A press that begins on a text and ends beside the dialog is a selection, not a wish to close: the press has to begin there.
document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open && isBeside(event.target, event)) {
    event.target.close();
  }
});

function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

document.addEventListener("closeOverlay", (event) => document.getElementById(event.detail.id)?.close());
