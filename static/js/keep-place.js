// When htmx brings a part of the page anew, the keyboard stays where it was: what has an id and comes again is focused
// again, and folds that were opened or closed by hand stay so.
(function () {
  "use strict";
  let focused = "", folds = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    folds = new Map([...part.querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
  });
  document.addEventListener("htmx:afterSettle", () => {
    folds.forEach((open, id) => {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    });
    const element = focused && document.getElementById(focused);
    if (element && document.activeElement === document.body) element.focus({ preventScroll: true });
    focused = ""; folds = new Map();
  });
})();
