// Loaded before the first paint, so that a page chosen dark never flashes white.
(function () {
  "use strict";
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  root.classList.add("js");

  function read() {
    try { return localStorage.getItem("theme") || "system"; } catch { return "system"; }
  }
  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }
  function label(button, theme) {
    button.dataset.now = theme;
    button.setAttribute("aria-label", button.dataset["label" + theme[0].toUpperCase() + theme.slice(1)] || theme);
    button.title = button.getAttribute("aria-label");
  }

  apply(read());
  addEventListener("storage", (event) => event.key === "theme" && apply(read()));
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-theme-toggle]").forEach((button) => label(button, read()));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    const theme = order[(order.indexOf(read()) + 1) % order.length];
    try { localStorage.setItem("theme", theme); } catch { /* private window: holds for this page */ }
    apply(theme);
    document.querySelectorAll("[data-theme-toggle]").forEach((other) => label(other, theme));
  });
})();
