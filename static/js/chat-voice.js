// A voice message, in whatever kind this browser records: press, speak, done; or cancel. It is heard before it is sent.
"use strict";
window.ChatVoice = function (form, { onDone, onTold }) {
  const start = form.querySelector("[data-voice]"), bar = form.querySelector("[data-recording]"), clock = form.querySelector("[data-recording-time]");
  if (!window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return;
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"], ENDINGS = { webm: "webm", mp4: "m4a", ogg: "ogg" };
  const longest = Number(form.dataset.voiceSeconds) || 120;
  let recorder = null, parts = [], began = 0, ticking = 0, isKept = false;
  start.hidden = false;

  async function begin() {
    if (recorder) return;
    start.disabled = true;
    let stream = null;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { onTold(form.dataset.saidMicrophone); return; } finally { start.disabled = false; }
    const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
    recorder = new MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: 32_000 } : {});
    parts = []; isKept = false;
    recorder.addEventListener("dataavailable", (event) => event.data.size && parts.push(event.data));
    recorder.addEventListener("stop", ended);
    recorder.start(1000);
    began = Date.now();
    bar.hidden = false;
    bar.querySelector("[data-voice-stop]").focus();
    tick();
    ticking = setInterval(tick, 250);
  }
  function tick() {
    const seconds = Math.floor((Date.now() - began) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= longest) finish(true);
  }
  function finish(keep) {
    isKept = keep;
    clearInterval(ticking);
    if (recorder?.state !== "inactive") recorder?.stop();
  }
  function ended() {
    const kind = (recorder.mimeType || "audio/webm").split(";")[0];
    recorder.stream.getTracks().forEach((track) => track.stop());
    recorder = null;
    bar.hidden = true;
    if (isKept && parts.length) onDone(new File(parts, `voice.${ENDINGS[kind.split("/")[1]] || "webm"}`, { type: kind }));
    else start.focus();
  }
  start.addEventListener("click", begin);
  form.querySelector("[data-voice-stop]").addEventListener("click", () => finish(true));
  form.querySelector("[data-voice-cancel]").addEventListener("click", () => finish(false));
  addEventListener("pagehide", () => finish(false));
};
