// A page with [data-look] looks again by htmx while somebody can see it: hidden it rests, and shown again it looks at once.
(function () {
  "use strict";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches("[data-look]")) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("[data-look]").forEach((part) => window.htmx.trigger(part, "look"));
  });
})();
