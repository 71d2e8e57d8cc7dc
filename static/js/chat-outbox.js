// What was written and is not sent yet. It stands in the thread at once, goes out in order, and stays on this device (by person and
// conversation) until the server has it: also over a broken line, and over loading the page again. Each has a name of its own
// (clientId), under which the server takes it once however often it comes. A file is too large to be kept: it waits on this page only.
"use strict";
window.ChatOutbox = function (form, { csrf, onSent, onChange }) {
  const { me, conversation } = form.dataset;
  const KEY = `chat-outbox:${me}:${conversation}`, TRANSIENT = [408, 425, 429, 500, 502, 503, 504];
  const FIRST_WAIT = 1000, LONGEST_WAIT = 30_000, PATIENCE = 30_000;
  let queue = read(), isBusy = false, tries = 0, timer = 0;

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]").map((one) => ({ ...one, state: one.state === "failed" ? "failed" : "waiting" })); } catch { return []; }
  }
  function keep() {
    const kept = queue.filter((one) => !one.file).map(({ clientId, text, sticker, replyTo, quote, at, state, why }) => ({ clientId, text, sticker, replyTo, quote, at, state, why }));
    try { if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept)); else localStorage.removeItem(KEY); } catch { /* A full or forbidden store: it waits on this page. */ }
    onChange(queue);
  }
  function name() {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Without TLS browsers have none.
    return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }
  function add(draft) {
    queue.push({ clientId: name(), text: "", sticker: "", replyTo: "", at: Date.now(), state: "sending", ...draft });
    keep(); flush();
  }
  function done(clientId) {
    const before = queue.length;
    queue = queue.filter((one) => one.clientId !== clientId);
    if (queue.length !== before) keep();
  }
  function again(clientId) {
    for (const one of queue) if (one.clientId === clientId) { one.state = "sending"; one.why = ""; }
    tries = 0; keep(); flush();
  }
  function later(wait) {
    clearTimeout(timer);
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
    tries += 1;
    timer = setTimeout(flush, Math.max(wait || 0, longest * (0.5 + Math.random() / 2)));
  }
  // One after the other: the next waits until the one before it has its number.
  async function flush() {
    if (isBusy) return;
    isBusy = true;
    clearTimeout(timer);
    try {
      for (;;) {
        const one = queue.find((each) => each.state !== "failed");
        if (!one) { tries = 0; return; }
        if (!(await attempt(one))) return;
      }
    } finally { isBusy = false; }
  }
  async function attempt(one) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", csrf());
    body.append("client_id", one.clientId);
    body.append("text", one.text);
    if (one.sticker) body.append("sticker", one.sticker);
    if (one.replyTo) body.append("reply_to", one.replyTo);
    if (one.file) body.append("file", one.file, one.file.name);
    let answer = null, told = null;
    try {
      const ends = new AbortController(), clock = setTimeout(() => ends.abort(), one.file ? PATIENCE * 6 : PATIENCE);
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: ends.signal });
      told = await answer.json().catch(() => null);
      clearTimeout(clock);
    } catch { answer = null; }
    if (answer?.ok && told) { done(one.clientId); tries = 0; onSent(told, one); return true; }
    if (!answer || TRANSIENT.includes(answer.status) || answer.ok) { wait(one, Number(told?.error?.retry_after) * 1000); return false; }
    if (answer.status === 401 || answer.type === "opaqueredirect") { fail(one, form.dataset.saidSignedOut); return false; }
    // No words of ours: the key of this page's forms is too old.
    fail(one, told?.error?.message || (answer.status === 403 ? form.dataset.saidReload : form.dataset.saidFailed));
    return true;
  }
  function wait(one, pause) {
    one.state = "waiting";
    keep(); later(pause);
  }
  function fail(one, why) {
    one.state = "failed"; one.why = why;
    keep();
  }
  const now = () => { tries = 0; flush(); };
  addEventListener("online", now);
  document.addEventListener("live:welcome", now);
  document.addEventListener("visibilitychange", () => document.hidden || now());
  // Another tab of the same person sends it too: the name makes it one message, and here it goes when it comes back.
  addEventListener("beforeunload", (event) => { if (queue.some((one) => one.file)) event.preventDefault(); });
  onChange(queue);
  flush();
  return { add, done, again, remove: done, all: () => queue };
};
