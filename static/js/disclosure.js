// Native <dialog> and <details>, made comfortable. A trigger is a link to a page that does the same without script:
// <a href="/…/cancel" data-dialog="cancel-dialog">.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && dialog.showModal && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); return; }
    // A press on the backdrop lands on the dialog itself.
    if (event.target.matches("dialog.dialog")) event.target.close();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  // The chosen day of a week strip, or the current tab, is brought into view without moving the page.
  const centre = () => document.querySelectorAll(".days, .tabs, .chips--line").forEach((strip) => {
    const now = strip.querySelector("[aria-current]");
    if (now) strip.scrollLeft = now.offsetLeft - strip.offsetLeft - (strip.clientWidth - now.offsetWidth) / 2;
  });
  centre();
  document.addEventListener("htmx:load", centre);
})();
