// What was written and is not sent yet. It stands in the thread at once, goes out in order, and stays on this device (by person and
// conversation) until the server has it: also over a broken line, and over loading the page again. Each has a name of its own
// (clientId), under which the server takes it once however often it comes, and under which it is kept: two tabs of one person do not
// write over each other. A file is too large to be kept: it waits on this page only.
"use strict";
window.ChatOutbox = function (form, { csrf, onSent, onChange }) {
  const { me, conversation } = form.dataset;
  const KEY = `chat-outbox:${me}:${conversation}:`, TRANSIENT = [408, 425, 429, 500, 502, 503, 504];
  const FIRST_WAIT = 1000, LONGEST_WAIT = 30_000, PATIENCE = 30_000;
  let queue = read(), isBusy = false, tries = 0, timer = 0;

  function read() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(KEY)) found.push(JSON.parse(localStorage.getItem(key)));
    } catch { /* A forbidden store has kept nothing. */ }
    return found.sort((one, other) => one.at - other.at);
  }
  function keep(one) {
    if (!one.file && queue.includes(one)) {
      const { clientId, text, sticker, replyTo, quote, at, why } = one, state = one.state === "failed" && !one.isStuck ? "failed" : "waiting";
      try { localStorage.setItem(KEY + clientId, JSON.stringify({ clientId, text, sticker, replyTo, quote, at, why, state })); } catch { /* A full or forbidden store: it waits on this page. */ }
    }
    onChange(queue);
  }
  function name() {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Without TLS browsers have none.
    return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }
  function add(draft) {
    const one = { clientId: name(), text: "", sticker: "", replyTo: "", at: Date.now(), state: "sending", ...draft };
    queue.push(one);
    keep(one); flush();
  }
  function drop(clientId) {
    const before = queue.length;
    queue = queue.filter((one) => one.clientId !== clientId);
    if (queue.length !== before) onChange(queue);
  }
  function done(clientId) {
    try { localStorage.removeItem(KEY + clientId); } catch { /* It was not kept. */ }
    drop(clientId);
  }
  function again(clientId) {
    // Whom the site no longer knows, it knows again for all that is left here.
    for (const one of queue) if (one.clientId === clientId || one.isStuck) { Object.assign(one, { state: "sending", why: "", isStuck: false }); keep(one); }
    tries = 0; flush();
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
    if (answer.status === 401 || answer.type === "opaqueredirect") { stick(one, form.dataset.saidSignedOut); return false; }
    // No words of ours: the key of this page's forms is too old.
    if (answer.status === 403 && !told?.error?.message) { stick(one, form.dataset.saidReload); return false; }
    fail(one, told?.error?.message || form.dataset.saidFailed);
    return true;
  }
  function wait(one, pause) {
    // And with it whatever goes after it.
    for (const each of queue) if (each.state !== "failed") each.state = "waiting";
    keep(one); later(pause);
  }
  function fail(one, why) {
    one.state = "failed"; one.why = why;
    keep(one);
  }
  // Not the message is at fault but this page, and what comes after it would fare no better: the next page sends them.
  function stick(one, why) {
    for (const each of queue) if (each === one || each.state !== "failed") { each.isStuck = true; fail(each, why); }
  }
  const now = () => { tries = 0; flush(); };
  addEventListener("online", now);
  document.addEventListener("live:welcome", now);
  document.addEventListener("visibilitychange", () => document.hidden || now());
  // What another tab has sent or deleted, and what signing out there has forgotten, is not sent again from here.
  addEventListener("storage", (event) => { if (event.key?.startsWith(KEY) && event.newValue === null) drop(event.key.slice(KEY.length)); });
  addEventListener("beforeunload", (event) => { if (queue.some((one) => one.file)) event.preventDefault(); });
  onChange(queue);
  flush();
  return { add, done, again, remove: done, all: () => queue };
};
