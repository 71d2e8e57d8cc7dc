// <button data-copy="123456" data-copied="Copied">: only shown where there is script (.needs-js).
(function () {
  "use strict";
  async function put(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text; area.className = "visually-hidden";
    document.body.append(area); area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copy refused");
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    try { await put(button.dataset.copy); } catch { return; }
    label.textContent = button.dataset.copied;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, level: "success" } }));
    setTimeout(() => { label.textContent = before; }, 2500);
  });
})();
