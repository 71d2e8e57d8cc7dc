// Counts what is ticked of a package while it is being ticked; the server says it, too.
(function () {
  "use strict";
  const form = document.querySelector("[data-sessions]");
  const told = form && form.querySelector("[data-sessions-told]");
  if (!told) return;
  const size = Number(form.dataset.sessions);
  const some = form.dataset.some, all = form.dataset.all, many = form.dataset.many;

  function count() {
    const elsewhere = form.querySelectorAll("input[type=hidden][name=session]").length;
    const chosen = elsewhere + form.querySelectorAll("input[type=checkbox][name=session]:checked").length;
    const sentence = chosen === size ? all : chosen > size ? many : some;
    told.textContent = sentence.replace("{chosen}", chosen).replace("{size}", size);
  }
  form.addEventListener("change", count);
  addEventListener("pageshow", count);
})();
