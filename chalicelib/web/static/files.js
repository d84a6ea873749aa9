// Files leave as soon as they are chosen (chalicelib/api/files.py): each gets a ticket and goes straight into the bucket,
// photos smaller and without place. The form then only names them. What broke off goes on by itself; without this
// script they are sent with the form.

const LONGEST_SIDE = 2048; // pixels
const QUALITY = 0.82;
const MB = 1024 * 1024;
const MOST = { image: 15 * MB, video: 100 * MB, audio: 25 * MB, application: 15 * MB };
const TYPES = { heic: "image/heic", heif: "image/heif", amr: "audio/amr", m4a: "audio/mp4", "3gp": "video/3gpp", mov: "video/quicktime" };
const PAUSES = [2000, 5000, 15000]; // milliseconds before each try

class Refused extends Error {}

for (const field of document.querySelectorAll(".files-field")) begin(field);

function begin(field) {
  const words = JSON.parse(field.dataset.words);
  const form = field.closest("form");
  const chooser = field.querySelector('input[name="files"]');
  const uploaded = field.querySelector('input[name="uploaded"]');
  const list = field.querySelector(".sending");
  const status = Object.assign(document.createElement("p"), { className: "notice", hidden: true });
  status.setAttribute("role", "status");
  list.after(status);
  const waiting = new Set(); // files that are not there yet
  let submitter; // the button of a form that waits for its files

  const lens = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  lens.setAttribute("capture", "environment");
  field.querySelector(".camera").append(lens);

  for (const input of [chooser, lens]) {
    input.addEventListener("change", () => {
      for (const file of input.files) send(file);
      input.value = ""; // else the form would send the bytes once more
    });
  }

  form.addEventListener("submit", (event) => {
    if (!waiting.size || (submitter !== undefined && !event.defaultPrevented)) return;
    event.preventDefault();
    submitter = event.submitter ?? null;
    status.textContent = words.wait;
    status.hidden = false;
  });

  function done(file) {
    waiting.delete(file);
    if (waiting.size || submitter === undefined) return;
    const button = submitter;
    submitter = undefined;
    status.hidden = true;
    form.requestSubmit(button);
  }

  async function send(file) {
    const line = document.createElement("li");
    const said = document.createElement("span");
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words.remove });
    line.append(said, bar, remove);
    list.append(line);
    const stop = new AbortController();
    let name = "";
    const say = (key, more = {}) => {
      const values = { name: file.name.slice(-40), ...more };
      said.textContent = words[key].replace(/\{(\w+)\}/g, (_, value) => values[value]);
    };
    remove.addEventListener("click", () => {
      stop.abort();
      uploaded.value = uploaded.value.split(" ").filter((other) => other && other !== name).join(" ");
      line.remove();
      done(file);
    });
    waiting.add(file);
    try {
      say("smaller");
      const ready = await smaller(file);
      const type = typeOf(ready, file);
      if (!ready.size) throw new Refused("empty");
      const most = MOST[type.split("/")[0]];
      if (!most) throw new Refused("unknown");
      if (ready.size > most) throw new Refused("large");
      name = await patiently(stop.signal, say, line, words, () => upload(ready, type, stop.signal, (part) => {
        bar.value = part;
        say("sending", { percent: Math.round(part * 100) });
      }));
      uploaded.value = `${uploaded.value} ${name}`.trim();
      say("sent");
    } catch (error) {
      if (!stop.signal.aborted) {
        say(error instanceof Refused ? error.message : "refused");
        line.classList.add("wrong");
      }
    } finally {
      bar.remove();
      done(file);
    }
  }

  async function upload(ready, type, signal, progress) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": keyOf(field, form) };
    if (field.dataset.csrf) headers["X-CSRF-Token"] = field.dataset.csrf;
    const body = JSON.stringify({ type, size: ready.size });
    const answer = await fetch(field.dataset.tickets, { method: "POST", headers, body, signal });
    if (answer.status === 429) throw new Refused("braked");
    if (answer.status >= 400 && answer.status < 500) throw new Refused(answer.status === 400 ? "unknown" : "refused");
    if (!answer.ok) throw new Error(answer.statusText);
    const ticket = await answer.json();
    const sent = new FormData();
    for (const [key, value] of Object.entries(ticket.fields)) sent.append(key, value);
    sent.append("file", ready);
    await post(ticket.address, sent, signal, progress);
    return ticket.file;
  }
}

function keyOf(field, form) {
  return form.elements.namedItem("files_key")?.value || field.dataset.key || "files";
}

function post(address, body, signal, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    request.open("POST", address);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => (request.status < 300 ? resolve() : reject(new Error(String(request.status)))));
    for (const broke of ["error", "abort", "timeout"]) request.addEventListener(broke, () => reject(new Error(broke)));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

// Tries again after a while, then as soon as there is a connection or somebody presses the button.
async function patiently(signal, say, line, words, act) {
  for (let tried = 0; ; tried += 1) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Refused || signal.aborted) throw error;
      say("again");
      await pause(PAUSES[tried], line, words, signal);
    }
  }
}

function pause(milliseconds, line, words, signal) {
  return new Promise((resolve) => {
    const retry = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words.retry });
    const timer = milliseconds && setTimeout(go, milliseconds);
    function go() {
      clearTimeout(timer);
      removeEventListener("online", go);
      retry.remove();
      resolve();
    }
    addEventListener("online", go);
    signal.addEventListener("abort", go);
    retry.addEventListener("click", go);
    line.append(retry);
  });
}

function typeOf(ready, file) {
  return ready.type || TYPES[file.name.split(".").pop().toLowerCase()] || "";
}

// A photo no larger than a screen needs, drawn anew: without place, device and preview.
async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(typeOf(file, file))) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return drawn && (drawn.size < file.size || file.type !== "image/png") ? drawn : file;
  } catch {
    return file; // the desk looks at it as it is
  }
}
