// A page with [data-look] looks again by htmx while somebody can see it: hidden it rests, and shown again it looks at once.
// What somebody writes there is not taken from under their hands.
(function () {
  "use strict";
  const isWritten = (field) => field === document.activeElement || ("defaultValue" in field && field.value !== field.defaultValue);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!part.matches("[data-look]")) return;
    const fields = part.querySelectorAll("input:not([type=hidden]), textarea, select");
    if (document.hidden || [...fields].some(isWritten)) event.preventDefault();
  });
  // Led elsewhere, to sign in or because it is not ours any more: there goes the whole page, and not a part of it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, xhr } = event.detail;
    if (!elt.matches("[data-look]") || !xhr.responseURL || new URL(xhr.responseURL).pathname === location.pathname) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("[data-look]").forEach((part) => window.htmx.trigger(part, "look"));
  });
})();
