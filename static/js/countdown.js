// <… data-expires-at="ISO" data-zero-message="…"> holds a [data-countdown-time]; the server's text stays right without us.
(function () {
  "use strict";
  // The visitor's clock may be wrong: count from the server's "now" where the page gives it. What htmx brings later
  // was written later, so each counts from when it came.
  const skew = (element) => (element.dataset.now ? Date.parse(element.dataset.now) - Date.now() : 0);
  const speakAt = [120, 60, 30, 10];

  function clock(seconds) {
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = String(seconds % 60).padStart(2, "0");
    return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
  }
  function start(element) {
    if (element.dataset.started) return;
    element.dataset.started = "yes";
    const end = Date.parse(element.dataset.expiresAt);
    if (Number.isNaN(end)) return;
    const time = element.querySelector("[data-countdown-time]");
    const text = element.querySelector("[data-countdown-text]");
    const said = element.querySelector("[data-countdown-said]");
    const ring = element.querySelector("[data-countdown-ring]");
    const offset = skew(element);
    const total = Number(element.dataset.total) || Math.max(1, (end - Date.now() - offset) / 1000);
    let spoken = Infinity;

    function tick() {
      if (!element.isConnected) return;
      const left = Math.max(0, Math.ceil((end - Date.now() - offset) / 1000));
      if (time) time.textContent = clock(left);
      if (ring) ring.style.strokeDashoffset = String(100 - Math.min(100, (left / total) * 100));
      const mark = speakAt.find((seconds) => left === seconds && seconds < spoken);
      if (said && mark) { said.textContent = (element.dataset.leftMessage || "{time}").replace("{time}", clock(left)); spoken = mark; }
      element.classList.toggle("countdown--soon", left <= 60);
      if (left > 0) { setTimeout(tick, 1000 - (Date.now() % 1000) / 4); return; }
      element.classList.add("countdown--over");
      if (time) time.textContent = "";
      const message = element.dataset.zeroMessage || "";
      if (text && message) text.textContent = message;
      if (said) said.textContent = message;
      element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
    }
    tick();
  }
  const scan = (root) => root.querySelectorAll("[data-expires-at]").forEach(start);
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.target.parentNode || document));
})();
