// Says it by voice: records in the browser, at most three minutes, and hands what was said to the field for files, where
// it is heard and removed like any other. Where nothing can be recorded a recording is chosen instead.

const LONGEST = 180; // seconds
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm", "audio/mp4", "audio/ogg"]; // what most telephones play first
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export async function record(button, words, send, instead) {
  const kind = window.MediaRecorder && navigator.mediaDevices && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  try {
    if (!kind) throw new Error("nothing records here");
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    begin(sound, new MediaRecorder(sound, { mimeType: kind, audioBitsPerSecond: 32000 }), kind, button, words, send);
  } catch {
    const label = Object.assign(document.createElement("label"), { className: "notice", textContent: words.no_microphone });
    label.append(instead("audio/*", "user"));
    button.closest("p").after(label);
    button.remove();
  }
}

function begin(sound, recorder, kind, button, words, send) {
  const stop = Object.assign(document.createElement("button"), { type: "button", name: "stop" });
  const parts = [];
  const form = button.form;
  const began = Date.now();
  const passed = () => Math.min(LONGEST, Math.round((Date.now() - began) / 1000));
  const tick = () => {
    stop.textContent = `${words.stop} ${clock(passed())} / ${clock(LONGEST)}`;
    if (passed() >= LONGEST) recorder.stop();
  };
  const timer = setInterval(tick, 500);
  let submitter; // the button of a form that was sent while somebody spoke

  // what is being said belongs to the form: it is ended, and goes along
  const sent = (event) => {
    if (event.target !== form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    submitter = event.submitter ?? null;
    recorder.stop();
  };
  addEventListener("submit", sent, true);
  stop.addEventListener("click", () => recorder.stop());
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    clearInterval(timer);
    removeEventListener("submit", sent, true);
    for (const track of sound.getTracks()) track.stop();
    button.disabled = false;
    const focused = document.activeElement === stop;
    stop.replaceWith(button);
    if (focused) button.focus();
    const name = words.voice.replace("{time}", clock(Math.max(1, passed())));
    const file = new File(parts, name, { type: kind.split(";")[0] });
    if (file.size) send(file, URL.createObjectURL(file));
    if (submitter !== undefined) form.requestSubmit(submitter);
  });
  recorder.start();
  tick();
  button.replaceWith(stop);
  stop.focus();
}
