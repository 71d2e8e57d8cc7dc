// The list of conversations moves with what happens: it is fetched again as the server draws it, and the focus stays where it was.
(function () {
  "use strict";
  const part = document.querySelector("[data-rows]");
  if (!part) return;
  const PAUSE = 700, ABOUT = ["new-message", "message-edited", "message-deleted", "message-read", "conversation-updated", "reset"];
  let timer = 0, lookedAt = 0;

  function soon() {
    if (!timer) timer = setTimeout(look, Math.max(150, lookedAt + PAUSE - Date.now()));
  }
  async function look() {
    timer = 0; lookedAt = Date.now();
    const answer = await fetch(part.dataset.rows, { headers: { "X-Requested-With": "fetch" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const html = await answer.text(), at = part.scrollTop;
    const held = part.contains(document.activeElement) ? document.activeElement.id : "";
    const page = new DOMParser().parseFromString(html, "text/html");
    part.replaceChildren(...page.body.childNodes);
    part.scrollTop = at;
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  }
  ABOUT.forEach((event) => document.addEventListener(`live:${event}`, soon));
  document.addEventListener("chat:read", soon);
  document.addEventListener("chat:sent", soon);
  part.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
})();
