// The socket (rt.v1), for who is signed in: <body data-live="/ws">. What happens elsewhere is shown at once: the bell counts, a toast says it,
// and every [data-look] looks again. The bell says up to where the page knows already: <a data-bell data-u="1050" data-unread="3"
// data-said-none="…" data-said-some="… # …"> with a [data-bell-count]. From there on each event is applied once and in order; what a broken
// line has swallowed is asked for. Without a socket pages look again by themselves, only later.
// Others listen to "live:<event>" on the document; the detail is the frame.
(function () {
  "use strict";
  const path = document.body.dataset.live;
  const bells = document.querySelectorAll("[data-bell]");
  if (!path || !window.WebSocket || !(bells.length || document.querySelector("[data-look]"))) return;

  const PROTOCOL = "rt.v1", RESTART = 1012, TOO_MANY = 4409;
  // Nothing that we could do again would be allowed: as we are, we are not let in.
  const FOR_GOOD = [4400, 4401, 4403, 4409, 4426];
  const NEWS = ["notification", "appointment-updated", "queue-updated"];
  // Milliseconds. The server speaks every 25 s; what has been open so long was no accident.
  const SILENCE = 35_000, STEADY = 10_000, REST_AFTER = 5 * 60_000;
  const FIRST_WAIT = 500, LONGEST_WAIT = 30_000, RESTART_WAIT = 5_000;
  const MOST_TOASTS = 3;

  let socket = null, welcomedAt = 0, tries = 0;
  // The last event that has been applied; null while the page does not know. The resume that is being answered.
  let last = bells.length && bells[0].dataset.u ? Number(bells[0].dataset.u) : null;
  let asked = "", count = 0, loading = null;
  let isOver = false, isResting = false, isOneTooMany = false;
  let silence = 0, retry = 0, rest = 0;

  // --- The line

  function open() {
    clearTimeout(retry);
    if (socket || isOver || isResting) return;
    const address = new URL(path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const line = new WebSocket(address, [PROTOCOL]);
    socket = line; asked = ""; welcomedAt = 0;
    line.addEventListener("message", (event) => line === socket && hear(event.data));
    line.addEventListener("close", (event) => line === socket && closed(event.code));
    alive();
  }
  function leave() {
    const line = socket;
    socket = null;
    clearTimeout(silence);
    if (!line) return;
    // Closed while it is being opened, it would complain in the console.
    if (line.readyState === WebSocket.CONNECTING) line.addEventListener("open", () => line.close());
    else line.close();
  }
  function alive() {
    clearTimeout(silence);
    silence = setTimeout(() => { leave(); closed(0); }, SILENCE);
  }
  function closed(code) {
    socket = null;
    clearTimeout(silence);
    if (FOR_GOOD.includes(code)) { isOver = true; isOneTooMany = code === TOO_MANY; state("over"); return; }
    state("waiting");
    if (welcomedAt && Date.now() - welcomedAt > STEADY) tries = 0;
    const longest = code === RESTART ? RESTART_WAIT : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
    tries += 1;
    clearTimeout(retry);
    retry = setTimeout(open, Math.random() * longest);
  }
  function state(name) {
    document.body.dataset.liveState = name;
  }
  function ask(event, data) {
    count += 1;
    const id = `c${count}`;
    socket.send(JSON.stringify({ event, id, data }));
    return id;
  }

  // Others speak through it by "live-send" with {event, data}: nobody answers them, and what cannot be said now is not said later.
  document.addEventListener("live-send", (event) => {
    if (welcomedAt && socket?.readyState === WebSocket.OPEN) ask(event.detail.event, event.detail.data);
  });

  // --- What comes

  function hear(text) {
    alive();
    const frame = JSON.parse(text);
    if (frame.event === "welcome") welcome(frame.data);
    else if (frame.event === "reset") startAnew(frame.data);
    else if (frame.event === "heartbeat") { if (last !== null && frame.u > last) catchUp(); }
    else if (asked && frame.id === asked) answered(frame);
    else if (Number.isInteger(frame.u)) durable(frame);
    else tell(frame);
  }
  function welcome(data) {
    welcomedAt = Date.now();
    state("open");
    tell({ event: "welcome", data });
    if (loading) return;
    // A page without a bell does not say how old it is: it looks.
    if (last === null) { last = data.u; lookSoon(); }
    else if (data.u !== last) catchUp();
  }
  function catchUp() {
    if (asked || socket?.readyState !== WebSocket.OPEN) return;
    asked = ask("resume", { since: last });
  }
  function answered(frame) {
    asked = "";
    if (!frame.ok) setTimeout(catchUp, frame.error?.after_ms || 1000);
  }
  function durable(frame) {
    // Twice, or nothing to add it to yet.
    if (last === null || frame.u <= last) return;
    if (frame.u > last + 1) { catchUp(); return; }
    last = frame.u;
    if (frame.event === "new-message") haveSoon();
    if (frame.event === "notification") { ring(Number(bells[0]?.dataset.unread) + 1); toastSoon(frame); }
    if (frame.event === "notifications-read") ring(frame.data.unread);
    if (NEWS.includes(frame.event) || frame.event === "notifications-read") lookSoon();
    tell(frame);
  }
  // Whoever has written sees that it has come to a device. Once for many.
  let having = 0;
  function haveSoon() {
    having ||= setTimeout(() => {
      having = 0;
      if (socket?.readyState === WebSocket.OPEN && last !== null) ask("ack", { u: last });
    }, 700);
  }
  function tell(frame) {
    document.dispatchEvent(new CustomEvent(`live:${frame.event}`, { detail: frame }));
  }
  // What we have missed is not kept any more: everything on the page is fetched again, with the place from which to go on.
  async function startAnew(data) {
    last = null;
    const mine = loading = {};
    const u = await freshBell().catch(() => null);
    if (loading !== mine) return;
    loading = null;
    last = u ?? data.u;
    lookSoon();
    tell({ event: "reset", data });
    catchUp();
  }

  // --- The bell

  function ring(unread) {
    bells.forEach((bell) => {
      bell.dataset.unread = unread;
      const said = unread ? bell.dataset.saidSome : bell.dataset.saidNone;
      if (said) bell.setAttribute("aria-label", said.replace("#", unread));
      const number = bell.querySelector("[data-bell-count]");
      if (!number) return;
      number.textContent = unread > 99 ? "99+" : unread;
      number.hidden = !unread;
    });
  }
  async function freshBell() {
    if (!bells.length) return null;
    const answer = await fetch(bells[0].href, { redirect: "error" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { u, unread } = page.querySelector("[data-bell]").dataset;
    ring(Number(unread));
    return Number(u);
  }

  // --- Toasts: of many that come at once the latest

  let toasts = [], toasting = 0;

  function toastSoon(frame) {
    toasts.push(frame);
    if (!toasting) toasting = setTimeout(showToasts, 100);
  }
  function showToasts() {
    const latest = toasts.slice(-MOST_TOASTS);
    toasts = []; toasting = 0;
    for (const { title, link } of latest) {
      const isHere = link === location.pathname;
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: title, link: isHere ? "" : link } }));
    }
  }

  // --- Looking again, not everybody in the same moment, and once for many events

  const PAUSE = 1000, JITTER = 300;
  let looking = 0, lookedAt = 0;

  function lookSoon(wait = Math.random() * JITTER) {
    if (!looking) looking = setTimeout(look, Math.max(wait, lookedAt + PAUSE - Date.now()));
  }
  function look() {
    looking = 0; lookedAt = Date.now();
    document.querySelectorAll("[data-look]").forEach((part) => {
      // One that is looking may have asked before the news.
      if (part.classList.contains("htmx-request")) lookSoon();
      else window.htmx?.trigger(part, "look");
    });
  }

  // --- Whether somebody is there

  function restLater() {
    clearTimeout(rest);
    if (document.hidden && !isOver) rest = setTimeout(() => { isResting = true; leave(); state("resting"); }, REST_AFTER);
  }
  document.addEventListener("visibilitychange", () => {
    restLater();
    // Of too many tabs others may be closed by now; this one is looked at.
    if (!document.hidden) { isResting = false; if (isOneTooMany) isOver = isOneTooMany = false; open(); }
  });
  addEventListener("online", open);
  // A page that is kept for "back" must hold no line; when it comes back it asks what it has missed.
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && open());
  restLater();
  open();
})();
