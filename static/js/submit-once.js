// A form that was sent is not sent twice by an impatient thumb. Forms that ask (GET) and forms htmx drives are left alone.
(function () {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again") || form.closest("[hx-post], [hx-put], [hx-delete]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    // After this turn, so that the pressed button's own name and value still travel.
    setTimeout(() => {
      if (event.defaultPrevented) { delete form.dataset.sent; return; }
      for (const button of form.elements) {
        if (button.type !== "submit") continue;
        button.disabled = true;
        if (button === event.submitter) button.setAttribute("aria-busy", "true");
      }
    });
  });
  // Back from the next page: everything may be pressed again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      for (const button of form.elements) { button.disabled = false; button.removeAttribute("aria-busy"); }
    });
  });
})();
