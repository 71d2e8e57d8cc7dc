// Reads out what has changed for somebody who does not see the page: a region that is swapped says in data-said
// what it shows, and [data-announce], which stays, repeats it only when it is something else than before.
(function () {
  "use strict";
  const voice = document.querySelector("[data-announce]");
  const said = () => document.querySelector("[data-said]")?.dataset.said || "";
  let last = said();
  document.addEventListener("htmx:load", () => {
    if (!voice || said() === last) return;
    last = said();
    voice.textContent = last;
  });
})();
