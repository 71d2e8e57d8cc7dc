// A search field that suggests: <div data-suggest> with an input that htmx asks for, a list of links and a status.
// Without script it is an ordinary form. Arrows choose, Enter follows, Escape closes.
(function () {
  "use strict";
  document.querySelectorAll("[data-suggest]").forEach((box) => {
    const input = box.querySelector("input[name=q]");
    const list = box.querySelector("[role=listbox]");
    const count = box.querySelector("[data-suggest-count]");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const options = () => Array.from(list.querySelectorAll("[role=option]"));
    const active = () => list.querySelector("[aria-selected=true]");

    function choose(option) {
      const before = active();
      if (before) before.setAttribute("aria-selected", "false");
      if (!option) { input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
    function show(open) {
      const wanted = open && options().length > 0;
      list.hidden = !wanted;
      input.setAttribute("aria-expanded", String(wanted));
      if (!wanted) choose(null);
    }

    list.addEventListener("htmx:afterSwap", () => {
      const found = options().length;
      show(document.activeElement === input && input.value.trim() !== "");
      if (input.value.trim()) count.textContent = found ? `${count.dataset.some} ${found}` : count.dataset.none;
      else count.textContent = "";
    });
    input.addEventListener("focus", () => show(input.value.trim() !== ""));
    box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) show(false); });
    // Pressing a suggestion must not first take the focus, and the list with it, away.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("keydown", (event) => {
      // While an input method composes Chinese, the keys are its own.
      if (event.isComposing) return;
      const all = options();
      const at = all.indexOf(active());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!all.length) return;
        event.preventDefault();
        show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = at === -1 && step === -1 ? all.length - 1 : at + step;
        choose(next < 0 || next >= all.length ? null : all[next]);
      } else if (event.key === "Enter" && at !== -1 && !list.hidden) {
        event.preventDefault();
        location.assign(all[at].href);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      }
    });
  });
})();
