// Passkeys: the scripts of allauth ask the browser; when that fails, it is said in words instead of only in the console.

import { toast } from "./toast.js";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { saidCancelled, saidUnsupported } = document.querySelector("[data-passkey-words]").dataset;
  toast(window.PublicKeyCredential && window.isSecureContext ? saidCancelled : saidUnsupported, "warning");
});
