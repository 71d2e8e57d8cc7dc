// What was written and is not sent yet goes out from whatever page one is on. What belongs to the open conversation, and how it is
// kept, is chat-outbox.js; sent from two pages it is one message all the same.
(function () {
  "use strict";
  const way = document.querySelector("[data-talks]"), csrf = document.querySelector('form[action$="/logout/"] [name=csrfmiddlewaretoken]');
  if (!way || !csrf) return;
  const KEY = `chat-outbox:${way.dataset.me}:`, list = way.getAttribute("href"), FINAL = [400, 403, 404, 409, 410, 413, 422];
  let isBusy = false;

  const isHere = (id) => document.querySelector(`[data-composer][data-conversation="${CSS.escape(id)}"]`);
  function waiting() {
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => ({ key, conversation: key.split(":")[2], one: JSON.parse(localStorage.getItem(key)) }));
      return kept.filter(({ one, conversation }) => one.state !== "failed" && !isHere(conversation)).sort((a, b) => a.one.at - b.one.at);
    } catch { return []; }
  }
  async function send() {
    if (isBusy) return;
    isBusy = true;
    try { for (const each of waiting()) if (!(await attempt(each))) return; } finally { isBusy = false; }
  }
  async function attempt({ key, conversation, one }) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrf.value, client_id: one.clientId, text: one.text });
    if (one.sticker) body.append("sticker", one.sticker);
    if (one.replyTo) body.append("reply_to", one.replyTo);
    const answer = await fetch(`${list}${conversation}/send/`, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
    const told = await answer?.json().catch(() => null), why = told?.error?.message;
    if (answer?.ok && told) { localStorage.removeItem(key); return true; }
    // Over no line, or signed out: from the next page, or when the line is back.
    if (!FINAL.includes(answer?.status) || !why) return false;
    localStorage.setItem(key, JSON.stringify({ ...one, state: "failed", why }));
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: why, link: `${list}${conversation}/`, level: "warning" } }));
    return true;
  }
  addEventListener("online", send);
  document.addEventListener("live:welcome", send);
  send();
})();
