// Says every minute that somebody is there: while the page is seen, and somebody has touched it not long ago. A page
// left open is nobody. Without script every button that is pressed counts.
(function () {
  "use strict";
  const form = document.querySelector("form[data-heartbeat]");
  if (!form) return;
  const EVERY = 60_000, LATELY = 10 * 60_000;
  let touched = Date.now(), sent = Date.now();

  function here() {
    touched = Date.now();
    if (touched - sent > EVERY) beat();
  }
  function beat() {
    const state = document.querySelector("[data-state]")?.dataset.state || form.dataset.presence;
    if (document.visibilityState !== "visible" || Date.now() - touched > LATELY || state === "offline") return;
    sent = Date.now();
    // "manual": signed out meanwhile, it leads to the login page, which nobody here wants to read.
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  }
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(sign, here, { passive: true });
  setInterval(() => Date.now() - sent >= EVERY - 1000 && beat(), 5000);
})();
