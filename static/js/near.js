// <button data-near data-refused="…">: asks where the visitor is, because they pressed it, and only then. The answer
// goes into the address of the page, to a hundred metres, and nowhere else.
// <button data-locate …>: it goes into the fields "latitude" and "longitude" of the button's form, to ten metres.
(function () {
  "use strict";
  const look = (found) => {
    const address = new URL(location.href);
    address.searchParams.set("lat", found.coords.latitude.toFixed(3));
    address.searchParams.set("lng", found.coords.longitude.toFixed(3));
    address.searchParams.delete("page");
    address.searchParams.delete("sort");
    location.assign(address);
  };
  const fill = (button, found) => {
    button.removeAttribute("aria-busy");
    button.form.elements.latitude.value = found.coords.latitude.toFixed(4);
    button.form.elements.longitude.value = found.coords.longitude.toFixed(4);
    button.form.elements.latitude.focus();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-near], [data-locate]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    const refused = () => {
      button.removeAttribute("aria-busy");
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.refused, level: "warning" } }));
    };
    if (!navigator.geolocation) { refused(); return; }
    button.setAttribute("aria-busy", "true");
    const found = "locate" in button.dataset ? (place) => fill(button, place) : look;
    navigator.geolocation.getCurrentPosition(found, refused, { maximumAge: 300000, timeout: 10000 });
  });
})();
