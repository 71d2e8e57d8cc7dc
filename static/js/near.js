// <button data-near data-refused="…">: asks where the visitor is, because they pressed it, and only then. The answer
// goes into the address of the page, to a hundred metres, and nowhere else.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-near]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    const refused = () => {
      button.removeAttribute("aria-busy");
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.refused, level: "warning" } }));
    };
    if (!navigator.geolocation) { refused(); return; }
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition((found) => {
      const address = new URL(location.href);
      address.searchParams.set("lat", found.coords.latitude.toFixed(3));
      address.searchParams.set("lng", found.coords.longitude.toFixed(3));
      address.searchParams.delete("page");
      address.searchParams.delete("sort");
      location.assign(address);
    }, refused, { maximumAge: 300000, timeout: 10000 });
  });
})();
