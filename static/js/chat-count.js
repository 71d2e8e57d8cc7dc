// How many conversations wait, beside the way to them, and a toast for what comes: "Wei: On my way". Not for one's own words,
// what is muted, what the site notes quietly, and the conversation that is open before one's eyes.
(function () {
  "use strict";
  const links = document.querySelectorAll("[data-talks]");
  if (!links.length) return;
  const { url, me, saidNone, saidSome } = links[0].dataset;
  const PAUSE = 1000, JITTER = 400, ABOUT = ["new-message", "message-read", "conversation-updated", "reset"], MOST_TOASTS = 3, waiting = new Map();
  let timer = 0, askedAt = 0;

  function show(unread) {
    links.forEach((link) => {
      link.dataset.unread = unread;
      link.setAttribute("aria-label", unread ? saidSome.replace("#", unread) : saidNone);
      const number = link.querySelector("[data-talks-count]");
      number.textContent = unread > 99 ? "99+" : unread;
      number.hidden = !unread;
    });
  }
  function soon() {
    if (!timer) timer = setTimeout(ask, Math.max(Math.random() * JITTER, askedAt + PAUSE - Date.now()));
  }
  async function ask() {
    timer = 0; askedAt = Date.now();
    const came = [...waiting.values()].slice(-MOST_TOASTS);
    waiting.clear();
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const { conversations, muted } = await answer.json();
    show(conversations);
    for (const data of came) if (!muted.includes(String(data.conversationId)) && !isOpen(data.conversationId)) toast(data);
  }
  ABOUT.forEach((event) => document.addEventListener(`live:${event}`, soon));
  document.addEventListener("chat:read", soon);

  const isOpen = (id) => !document.hidden && document.querySelector(`[data-thread="${CSS.escape(id)}"]`);
  function toast(data) {
    const said = data.content?.text || data.content?.name || "…", text = said.length > 80 ? `${said.slice(0, 79)}…` : said;
    const link = `${links[0].getAttribute("href")}${data.conversationId}/`;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: `${data.sender.displayName}: ${text}`, link } }));
  }
  // It waits for the answer, which says what is muted. Of many in one conversation the latest.
  document.addEventListener("live:new-message", ({ detail: { data } }) => {
    if (!data.sender || String(data.sender.id) === me || data.metadata?.quiet) return;
    waiting.delete(data.conversationId); waiting.set(data.conversationId, data);
  });
  // What somebody else must not see, and what was not sent, goes when one signs out.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action$="/logout/"]')) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith("chat-")) localStorage.removeItem(key);
  });
})();
