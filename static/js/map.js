// <figure class="where" data-tiles="…{z}…">: puts Leaflet's map over the drawing, with the same numbers. Without this
// script, or when it fails, the drawing stays. Nothing but the tiles is asked of their host.
(function () {
  "use strict";
  const L = window.L;
  const figure = document.querySelector(".where[data-tiles]");
  if (!L || !figure) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const marks = [...figure.querySelectorAll("[data-mark]")].map((one) => one.dataset);
  // Over the date line the nearer way, not around the earth.
  const first = Number(marks[0].longitude);
  const place = (one) => {
    const longitude = Number(one.longitude);
    return [Number(one.latitude), longitude + 360 * Math.round((first - longitude) / 360)];
  };
  const go = (href) => {
    location.assign(href);
    const card = href.startsWith("#") && document.getElementById(href.slice(1));
    const link = card && card.querySelector("a");
    if (link) link.focus();
  };

  const stage = document.createElement("div");
  stage.className = "where__map";
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", figure.querySelector("svg").getAttribute("aria-label"));
  figure.querySelector(".where__stage").append(stage);
  figure.classList.add("where--tiled");
  const map = L.map(stage, {
    attributionControl: false, // stands below, as the page says it
    zoomControl: false,
    scrollWheelZoom: false, // who scrolls the page does not mean the map
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  // Before anything is put on it: what stands on a map without a view is not there yet.
  map.fitBounds(L.latLngBounds(marks.map(place)), { padding: [34, 34], maxZoom: 16, animate: false });
  L.control.zoom({ zoomInTitle: figure.dataset.closer, zoomOutTitle: figure.dataset.farther }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  // Hosts of tiles want to know which site asks; which page it is they need not know.
  L.tileLayer(figure.dataset.tiles, { maxZoom: 19, referrerPolicy: "origin" }).addTo(map);
  for (const one of marks) {
    const number = document.createElement("span");
    number.textContent = one.mark;
    const icon = L.divIcon({
      className: one.mark ? "where__mark" : "where__mark where__mark--here",
      html: number,
      iconSize: one.mark ? [30, 30] : [18, 18],
    });
    const told = one.mark ? one.mark + ": " + one.name : one.name;
    const marker = L.marker(place(one), { icon, title: told, keyboard: !!one.href, interactive: !!one.href, riseOnHover: true });
    if (one.href) marker.on("click keypress", (event) => {
      if (event.type === "click" || event.originalEvent.key === "Enter") go(one.href);
    });
    marker.addTo(map);
    if (one.href) marker.getElement().setAttribute("aria-label", told);
  }
  // Folded away it had no size.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(stage);
})();
