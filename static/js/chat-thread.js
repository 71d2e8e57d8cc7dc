// The thread moves: what comes is fetched as the server draws it, ticks move, who types is said, and what was seen is read. Messages are
// numbered without holes, so whatever a broken line has swallowed is what comes after the last number that stands here.
(function () {
  "use strict";
  const root = document.querySelector("[data-thread]");
  if (!root) return;
  const { thread: id, me, url, readUrl } = root.dataset;
  const log = root.querySelector("[data-log]"), list = root.querySelector("[data-messages]"), down = root.querySelector("[data-down]");
  const typing = root.querySelector("[data-typing]"), csrf = () => root.querySelector("[name=csrfmiddlewaretoken]").value;
  const marks = JSON.parse(root.dataset.marks), names = JSON.parse(root.dataset.names);
  const TYPED = 6000, NEAR = 80, isNewest = Boolean(root.dataset.newest);
  let last = Number(root.dataset.last), read = Number(root.dataset.read), reading = 0, retry = 0, isSyncing = false, isAsked = false, isOld = !isNewest;
  const mine = (frame) => String(frame.detail?.data?.conversationId) === id;
  const get = (query) => fetch(`${url}?${query}`, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
  // The log begins at its end: there it is 0, and above less.
  const isAtEnd = () => log.scrollTop > -NEAR;

  function parsed(html) {
    const box = document.createElement("ol");
    box.append(...new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").body.firstElementChild.children);
    return box;
  }

  // --- What comes after the last number here

  async function sync() {
    if (isOld) return;
    if (isSyncing) { isAsked = true; return; }
    isSyncing = true;
    try {
      do {
        isAsked = false;
        const answer = await get(`after=${last}`).catch(() => null);
        // Over a broken line: soon again, and at once when it is whole.
        if (!answer?.ok) { clearTimeout(retry); if (!answer || answer.status >= 429) retry = setTimeout(sync, 3000); return; }
        const before = last;
        put(await answer.text());
        if (Number(answer.headers.get("X-Last-Seq")) > last && last > before) isAsked = true;
      } while (isAsked);
    } finally { isSyncing = false; }
  }
  function put(html) {
    const wasAtEnd = isAtEnd(), height = log.scrollHeight, top = log.scrollTop, box = parsed(html);
    if (!box.children.length) return;
    let came = 0;
    for (const one of [...box.children]) {
      const seq = Number(one.dataset.seq || 0);
      if (one.dataset.day && list.querySelector(`[data-day="${one.dataset.day}"]`)) continue;
      if (seq && seq <= last) continue;
      list.append(one);
      if (one.dataset.client) document.dispatchEvent(new CustomEvent("chat:have", { detail: one.dataset.client }));
      if (seq) { last = seq; if (!one.matches(".msg--own")) came += 1; }
    }
    root.querySelector("[data-begin]")?.remove();
    if (wasAtEnd) log.scrollTop = 0;
    else {
      // What one reads further up stays before one's eyes.
      if (log.scrollTop === top) log.scrollTop = top - (log.scrollHeight - height);
      if (came) down.hidden = false;
    }
    readSoon();
  }
  async function renew(seq) {
    const old = list.querySelector(`[data-seq="${seq}"]`);
    if (!old) return;
    const answer = await get(`after=${seq - 1}&limit=1`).catch(() => null);
    if (!answer?.ok) return;
    const fresh = parsed(await answer.text()).querySelector(`[data-seq="${seq}"]`);
    if (fresh) { old.replaceWith(fresh); move(); }
  }
  async function renewHead() {
    const answer = await fetch(location.pathname, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), fresh = page.querySelector("[data-thread]");
    // Whether one may write is another page.
    if (!fresh || Boolean(fresh.querySelector("[data-composer]")) !== Boolean(root.querySelector("[data-composer]"))) { location.reload(); return; }
    for (const part of ["head", "card"]) {
      const old = root.querySelector(`[data-part="${part}"]`), one = fresh.querySelector(`[data-part="${part}"]`);
      if (old?.contains(document.activeElement) || old?.querySelector("details[open]")) continue;
      if (old && one) old.replaceWith(one);
      else if (old) old.remove();
      else if (one) root.querySelector('[data-part="head"]').after(one);
    }
    Object.assign(marks, JSON.parse(fresh.dataset.marks));
    Object.assign(names, JSON.parse(fresh.dataset.names));
    move();
  }

  // --- Ticks: sent, delivered, read by everybody who is there

  function move() {
    const others = Object.values(marks);
    if (!others.length) return;
    const seen = Math.min(...others.map((one) => one.read)), there = Math.min(...others.map((one) => one.delivered));
    list.querySelectorAll(".msg--own [data-tick]").forEach((tick) => {
      const seq = Number(tick.closest("[data-seq]").dataset.seq), state = seq <= seen ? "read" : seq <= there ? "delivered" : "sent";
      const sample = document.getElementById(`chat-tick-${state}`);
      if (tick.dataset.tick !== state && sample) tick.replaceWith(sample.content.firstElementChild.cloneNode(true));
    });
  }
  function grown({ userId, seq }, ...kinds) {
    const one = marks[userId];
    if (!one) return;
    for (const kind of kinds) one[kind] = Math.max(one[kind], seq);
    move();
  }

  // --- Having read: what stands before somebody's eyes

  function readSoon() {
    if (document.hidden || !isAtEnd() || last <= read || isOld) return;
    clearTimeout(reading);
    reading = setTimeout(sayRead, 400);
  }
  async function sayRead() {
    if (document.hidden || !isAtEnd() || last <= read) return;
    const seq = last, body = new URLSearchParams({ csrfmiddlewaretoken: csrf(), seq });
    const answer = await fetch(readUrl, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return;
    read = Math.max(read, seq);
    document.dispatchEvent(new Event("chat:read"));
  }
  log.addEventListener("scroll", () => { if (isAtEnd()) { down.hidden = true; readSoon(); } }, { passive: true });
  down.addEventListener("click", () => { log.scrollTop = 0; down.hidden = true; log.focus({ preventScroll: true }); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { readSoon(); sync(); } });
  addEventListener("focus", readSoon);

  // --- What happens

  const on = (event, work) => document.addEventListener(`live:${event}`, (frame) => mine(frame) && work(frame.detail.data));
  on("new-message", (data) => { if (data.sender) typed(data.sender.id); sync(); });
  on("message-edited", (data) => renew(data.seq));
  on("message-deleted", (data) => renew(data.seq));
  on("message-read", (data) => { if (String(data.userId) === me) read = Math.max(read, data.seq); else grown(data, "read", "delivered"); });
  on("message-delivered", (data) => grown(data, "delivered"));
  on("order-updated", ({ orderId }) => {
    list.querySelectorAll(`[data-order="${CSS.escape(String(orderId))}"]`).forEach((one) => renew(Number(one.dataset.seq)));
    renewHead(); sync();
  });
  on("conversation-updated", () => { renewHead(); sync(); });
  document.addEventListener("live:reset", () => { sync(); renewHead(); });
  // Whether anything was missed, the number says.
  document.addEventListener("live:welcome", () => sync());
  addEventListener("online", () => { sync(); readSoon(); });
  document.addEventListener("chat:sent", ({ detail }) => {
    if (isOld) { location.href = location.pathname; return; }
    if (detail.seq === last + 1) put(detail.html); else sync();
    read = Math.max(read, detail.seq);
    log.scrollTop = 0;
  });
  document.addEventListener("chat:waiting", () => { if (isAtEnd()) log.scrollTop = 0; });

  const typists = new Map();
  function sayTyping() {
    const who = [...typists.keys()].map((one) => names[one]).filter(Boolean);
    typing.textContent = who.length ? typing.dataset.saidOne.replace("#", () => who.join(", ")) : "";
  }
  // Whoever has said it types no more; others may.
  function forget(userId) {
    clearTimeout(typists.get(String(userId)));
    typists.delete(String(userId));
  }
  function typed(userId) { forget(userId); sayTyping(); }
  on("user-typing", ({ userId, isTyping }) => {
    forget(userId);
    if (isTyping && String(userId) !== me) typists.set(String(userId), setTimeout(() => typed(userId), TYPED));
    sayTyping();
  });
  document.addEventListener("live:presence", ({ detail: { data } }) => {
    const said = root.querySelector(`[data-presence-of="${CSS.escape(String(data.userId))}"]`);
    if (!said || typeof data.online !== "boolean") return;
    said.textContent = data.online ? root.dataset.saidOnline : root.dataset.saidLeft;
    const dot = root.querySelector("[data-presence-dot]");
    dot.hidden = !data.online; dot.classList.toggle("dot--online", data.online);
  });

  // --- What came before

  root.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-earlier]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const answer = await get(`before=${link.dataset.earlier}`).catch(() => null);
    if (!answer?.ok) { location.href = link.href; return; }
    const box = parsed(await answer.text()), rows = [...box.children], days = rows.filter((one) => one.dataset.day);
    const top = log.scrollTop, first = rows.find((one) => one.dataset.seq);
    log.setAttribute("aria-live", "off");
    list.querySelectorAll("[data-day]").forEach((one) => days.some((each) => each.dataset.day === one.dataset.day) && one.remove());
    list.prepend(...rows);
    // The end is where it was, and so is what one reads.
    if (log.scrollTop !== top) log.scrollTop = top;
    if (first && answer.headers.get("X-More") === "1") { link.dataset.earlier = first.dataset.seq; link.href = `?before=${first.dataset.seq}`; }
    else { log.focus({ preventScroll: true }); link.parentElement.remove(); }
    setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
  });
  document.addEventListener("submit", async (event) => {
    const back = event.submitter?.getAttribute("formaction");
    if (event.target.id !== "acts" || !/\/take-back\/$/.test(back || "")) return;
    event.preventDefault();
    const seq = event.submitter.closest("[data-seq]").dataset.seq;
    const answer = await fetch(back, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: csrf() }), headers: { Accept: "application/json" }, redirect: "manual" }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok) { await renew(seq); log.focus({ preventScroll: true }); }
    else document.dispatchEvent(new CustomEvent("toast", { detail: { text: told?.error?.message || document.querySelector("[data-composer]")?.dataset.saidFailed || "", level: "warning" } }));
  });

  if (location.hash.startsWith("#m")) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
  readSoon();
})();
