// A board on a wall: the screen is asked not to go dark, again whenever the page comes back into view. Browsers that
// cannot, or an old tablet that will not, simply follow their own settings.
(function () {
  "use strict";
  if (!("wakeLock" in navigator)) return;
  async function stayLit() {
    if (document.visibilityState !== "visible") return;
    try { await navigator.wakeLock.request("screen"); } catch { /* low battery, or not allowed */ }
  }
  document.addEventListener("visibilitychange", stayLit);
  stayLit();
})();
