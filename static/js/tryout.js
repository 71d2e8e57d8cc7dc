// /web/index.html: signs in through the API, takes a ticket, opens /ws with it and shows every frame. Nothing is kept: a reload forgets it all.
(function () {
  "use strict";
  const page = document.querySelector("[data-tryout]");
  const part = (name) => page.querySelector(`[data-${name}]`);
  const said = (name, facts = {}) => Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, value), page.dataset[`said${name}`]);
  const state = part("state"), frames = part("frames"), refused = part("refused"), figures = part("figures");
  const MOST_FRAMES = 200;
  let access = "", socket = null, count = 0;

  // The page's own cookie stays at home: only the token counts.
  async function call(path, options = {}) {
    const headers = { Accept: "application/json", "Accept-Language": page.dataset.language };
    if (access) headers.Authorization = `Bearer ${access}`;
    if (options.body) headers["Content-Type"] = "application/json";
    let answer;
    try { answer = await fetch(path, { credentials: "omit", headers, ...options }); } catch { throw new Error(said("Failed")); }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.error || `${answer.status}`);
    return told.data;
  }
  const post = (path, body) => call(path, { method: "POST", body: body && JSON.stringify(body) });

  function refuse(text) {
    refused.textContent = text;
    refused.hidden = !text;
  }
  function show(name, text) {
    state.dataset.state = name;
    state.textContent = text;
    const isOpen = name === "open";
    page.querySelectorAll("[data-needs-line], [data-do=ping]").forEach((button) => { button.disabled = !isOpen; });
    page.querySelector("[data-do=disconnect]").disabled = !socket;
    page.querySelector("[data-do=connect]").disabled = Boolean(socket) || !access;
  }
  function note(way, text) {
    const row = document.createElement("li"), time = document.createElement("time"), arrow = document.createElement("span"), code = document.createElement("code");
    const now = new Date();
    row.className = "tryout__frame";
    row.dataset.way = way;
    time.dateTime = now.toISOString();
    time.textContent = `${now.toTimeString().slice(0, 8)}.${String(now.getMilliseconds()).padStart(3, "0")}`;
    arrow.textContent = { in: "←", out: "→" }[way] || "·";
    code.textContent = text;
    row.append(time, arrow, code);
    frames.prepend(row);
    while (frames.children.length > MOST_FRAMES) frames.lastElementChild.remove();
  }
  function send(text) {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send(text);
    note("out", text);
  }
  function ask(event, data = {}) {
    count += 1;
    send(JSON.stringify({ event, id: `t${count}`, data }));
  }

  async function signIn(form) {
    refuse("");
    access = "";
    const { login, password, second_factor: factor } = Object.fromEntries(new FormData(form));
    try {
      access = (await post("/api/v1/auth/token", { login, password, second_factor: factor })).access;
      const me = await call("/api/v1/me");
      part("signed-in").textContent = said("SignedIn", { name: me.display_name || login });
      form.elements.password.value = "";
    } catch (error) {
      access = "";
      part("signed-in").textContent = said("Empty");
      refuse(error.message);
    }
    page.querySelectorAll("[data-ask]").forEach((button) => { button.disabled = !access; });
    show(state.dataset.state, state.textContent);
  }
  async function connect() {
    refuse("");
    page.querySelector("[data-do=connect]").disabled = true;
    let ticket;
    try { ({ ticket } = await post("/api/v1/realtime/ticket")); } catch (error) { refuse(error.message); show("closed", state.textContent); return; }
    const address = new URL("/ws", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    socket = new WebSocket(address, ["rt.v1", `ticket.${ticket}`]);
    show("opening", said("Opening"));
    socket.addEventListener("message", (event) => {
      note("in", event.data);
      const frame = JSON.parse(event.data);
      if (frame.event === "welcome") show("open", said("Open", { id: frame.data.user_id }));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      socket = null;
      const text = said("Closed", { code, reason }).trim();
      note("end", text);
      show("closed", text);
    });
  }
  const DOES = { connect, disconnect: () => socket?.close(1000), ping: () => ask("ping"), clear: () => frames.replaceChildren() };

  page.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do], [data-ask]");
    if (!button) return;
    if (button.dataset.do) { DOES[button.dataset.do](); return; }
    try { figures.textContent = JSON.stringify(await call(button.dataset.ask), null, 2); } catch (error) { figures.textContent = error.message; }
  });
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.matches("[data-sign-in]")) signIn(form);
    if (form.matches("[data-resume]")) ask("resume", { since: Number(form.elements.since.value) });
    if (form.matches("[data-raw]")) send(form.elements.frame.value);
  });
})();
