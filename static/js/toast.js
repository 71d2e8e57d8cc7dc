// Puts toasts away, and makes new ones: document.dispatchEvent(new CustomEvent("toast", {detail: {text, level}})),
// or from a server's answer: HX-Trigger: {"toast": {"text": "…", "level": "success"}}. With a "link" (a path of ours) it leads there.
(function () {
  "use strict";
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  const sample = document.querySelector("#toast-template");

  function leave(toast) {
    toast.classList.add("toast--leaving");
    setTimeout(() => toast.remove(), 260);
  }
  // Errors and warnings wait to be put away; the rest leaves by itself, later for longer texts and never under the pointer.
  function arm(toast) {
    if (toast.matches(".toast--error, .toast--warning")) return;
    const wait = 4000 + toast.textContent.trim().length * 60;
    const later = () => (toast.matches(":hover, :focus-within") ? setTimeout(later, 1500) : leave(toast));
    setTimeout(later, wait);
  }
  box.querySelectorAll(".toast").forEach(arm);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toast-close]");
    if (button) leave(button.closest(".toast"));
  });
  document.addEventListener("toast", (event) => {
    if (!sample || !event.detail) return;
    const level = event.detail.level || "info";
    const toast = sample.content.firstElementChild.cloneNode(true);
    toast.classList.add(`toast--${level}`);
    const said = toast.querySelector("[data-toast-text]");
    if (/^\/(?![/\\])/.test(event.detail.link || "")) {
      const link = document.createElement("a");
      link.href = event.detail.link;
      said.append(link);
    }
    (said.firstElementChild || said).textContent = event.detail.text;
    const use = toast.querySelector(":scope > .icon use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#level-${level}`));
    box.append(toast);
    arm(toast);
  });
})();
