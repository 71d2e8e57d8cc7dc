// The place to write in: a line that grows, Enter sends where there is a keyboard, a file is shown before it goes, and what is sent
// stands in the thread at once (chat-outbox.js). Without this script the same form is sent as a page.
(function () {
  "use strict";
  const form = document.querySelector("[data-composer]"), list = document.querySelector("[data-waiting]");
  if (!form || !list) return;
  const $ = (name) => form.querySelector(`[data-${name}]`);
  const words = $("text"), file = $("file"), told = $("told"), said = form.dataset, DRAFT = `chat-draft:${said.me}:${said.conversation}`;
  const TYPING = 4000, SMALL = 1600;
  let typedAt = 0, chosen = null;

  function tell(text) { told.textContent = text; told.hidden = !text; }
  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    words.style.height = "auto"; words.style.height = `${words.scrollHeight + 3}px`;
  }
  function sayTyping(isTyping) {
    if (isTyping && Date.now() - typedAt < TYPING) return;
    if (!isTyping && !typedAt) return;
    typedAt = isTyping ? Date.now() : 0;
    document.dispatchEvent(new CustomEvent("live-send", { detail: { event: "typing", data: { conversationId: said.conversation, isTyping } } }));
  }

  // --- A file, or a voice

  function choose(one) {
    chosen = one;
    const bar = $("chosen"), picture = $("chosen-picture"), voice = $("chosen-voice");
    bar.hidden = !one;
    picture.hidden = voice.hidden = true;
    picture.removeAttribute("src"); voice.removeAttribute("src");
    $("chosen-name").textContent = one && !/^audio\//.test(one.type) ? one.name : "";
    if (!one) { file.value = ""; return; }
    const shown = /^image\/(jpeg|png|webp|gif)$/.test(one.type) ? picture : /^audio\//.test(one.type) ? voice : null;
    if (!shown) return;
    // A data: address, because the content policy knows no blob:.
    const reader = new FileReader();
    reader.addEventListener("load", () => { if (chosen === one) { shown.src = reader.result; shown.hidden = false; } });
    reader.readAsDataURL(one);
  }
  async function shrunk(one) {
    if (!/^image\/(jpeg|png|webp)$/.test(one.type) || one.size < 600_000 || !window.createImageBitmap) return one;
    const picture = await createImageBitmap(one), scale = Math.min(1, SMALL / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale); canvas.height = Math.round(picture.height * scale);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff"; brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    return blob && blob.size < one.size ? new File([blob], one.name, { type: "image/jpeg" }) : one;
  }
  file.addEventListener("change", () => { if (file.files[0]) { choose(file.files[0]); words.focus(); } });
  $("chosen-off").addEventListener("click", () => { choose(null); words.focus(); });
  words.addEventListener("paste", (event) => {
    const one = [...(event.clipboardData?.files || [])][0];
    if (one) { event.preventDefault(); choose(one); }
  });
  window.ChatVoice?.(form, { onDone: (one) => { choose(one); form.querySelector(".composer__send").focus(); }, onTold: tell });

  // --- An answer to something

  const replyTo = $("reply-to");
  function quote(id, name = "", text = "") {
    replyTo.value = id;
    $("quote").hidden = !id;
    $("quote-name").textContent = name; $("quote-text").textContent = text;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (link) {
      event.preventDefault();
      const one = link.closest("[data-seq]"), text = one.querySelector(".msg__text, .msg__file-words .strong, .msg__sticker, .msg__picture img");
      quote(link.dataset.reply, one.querySelector(".msg__who").textContent, text?.textContent || text?.alt || "");
      link.closest("details").open = false;
      words.focus();
    }
    if (event.target.closest("[data-quote-off]")) { event.preventDefault(); quote(""); words.focus(); }
    const sign = event.target.closest("[data-emoji]");
    if (sign) {
      words.setRangeText(sign.textContent, words.selectionStart, words.selectionEnd, "end");
      words.dispatchEvent(new Event("input"));
    }
  });

  // --- Sending

  const outbox = window.ChatOutbox(form, {
    csrf: () => form.querySelector("[name=csrfmiddlewaretoken]").value,
    onSent: (answer) => document.dispatchEvent(new CustomEvent("chat:sent", { detail: answer })),
    onChange: draw,
  });
  document.addEventListener("chat:have", (event) => outbox.done(event.detail));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    form.querySelector(".composer__refusal")?.remove();
    const draft = { replyTo: replyTo.value, quote: $("quote-text").textContent };
    const sticker = event.submitter?.name === "sticker" ? event.submitter.value : "";
    if (sticker) {
      form.querySelector("details").open = false;
      outbox.add({ ...draft, sticker, picture: event.submitter.querySelector("img").src });
    } else {
      const text = words.value.trim(), one = chosen;
      if (!text && !one) { words.focus(); return; }
      words.value = ""; grow(); choose(null); keepDraft();
      outbox.add({ ...draft, text, ...(one ? { file: await shrunk(one).catch(() => one) } : {}) });
    }
    quote("");
    sayTyping(false);
    words.focus();
  });
  words.addEventListener("keydown", (event) => {
    // Not while a Chinese word is being chosen, and on a telephone Enter begins a line.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  words.addEventListener("input", () => { grow(); keepDraft(); if (words.value.trim()) sayTyping(true); else sayTyping(false); });
  function keepDraft() {
    try { if (words.value) localStorage.setItem(DRAFT, words.value); else localStorage.removeItem(DRAFT); } catch { /* It is only a help. */ }
  }
  try { if (!words.value) words.value = localStorage.getItem(DRAFT) || ""; } catch { /* As above. */ }
  grow();
  // Before a keyboard one writes at once; on a telephone half of the page would be gone.
  if (matchMedia("(hover: hover) and (pointer: fine)").matches && !location.hash.startsWith("#m")) words.focus({ preventScroll: true });

  // --- What waits, as it will stand there

  function element(tag, name, text = "") {
    const one = document.createElement(tag);
    one.className = name; one.textContent = text;
    return one;
  }
  function button(text, work) {
    const one = element("button", "chip", text);
    one.type = "button";
    one.addEventListener("click", work);
    return one;
  }
  function draw(queue) {
    list.hidden = !queue.length;
    list.replaceChildren(...queue.map(drawn));
    document.dispatchEvent(new Event("chat:waiting"));
  }
  function drawn(one) {
    const row = element("li", `msg msg--own msg--waiting${one.state === "failed" ? " msg--failed" : ""}`), inside = element("div", "msg__in"), bubble = element("div", "msg__bubble");
    row.dataset.waitingFor = one.clientId;
    if (one.replyTo && one.quote) bubble.append(element("p", "msg__reply", one.quote));
    const src = document.querySelector(`[name="sticker"][value="${CSS.escape(one.sticker || "")}"] img`)?.src;
    if (one.sticker && src) { const picture = element("img", "msg__sticker"); picture.src = src; picture.alt = one.sticker; bubble.append(picture); }
    if (one.file) bubble.append(element("p", "msg__text strong", one.file.name));
    if (one.text) bubble.append(element("p", "msg__text msg__text--typed", one.text));
    const why = { sending: said.saidSending, waiting: one.file ? `${said.saidWaiting}. ${said.saidFile}` : said.saidWaiting, failed: one.why || said.saidFailed }[one.state];
    inside.append(element("p", "msg__who visually-hidden", said.saidYou), bubble, element("p", "msg__why", why));
    if (one.state === "failed") {
      const acts = element("div", "msg__acts");
      // Where this page cannot send it, the next one can: it may ask to sign in first.
      acts.append(button(said.saidAgain, () => (one.isStuck && !one.file ? location.reload() : outbox.again(one.clientId))), button(said.saidDelete, () => { outbox.remove(one.clientId); words.focus(); }));
      inside.append(acts);
    }
    row.append(inside);
    return row;
  }
})();
