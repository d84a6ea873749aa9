// Sends files as soon as they are chosen (chalicelib/api/files.py): each gets a ticket and goes straight into the bucket,
// photos smaller and without place; the form then only names them. What broke off is sent again by itself, with the same
// ticket while that is good, so that it is there once; what had arrived is not sent again. keeping.js has all of it over
// a new load of the page.

const { keeper } = await import(`./keeping.js${new URL(import.meta.url).search}`);

const LONGEST_SIDE = 2048; // pixels
const QUALITY = 0.82;
const MB = 1024 * 1024;
const MOST = { image: 15 * MB, video: 100 * MB, audio: 25 * MB, application: 15 * MB };
const TYPES = { heic: "image/heic", heif: "image/heif", amr: "audio/amr", m4a: "audio/mp4", "3gp": "video/3gpp", mov: "video/quicktime" };
const PAUSES = [2000, 5000, 15000, 30000, 60000]; // milliseconds before each try; from then on the last
const GONE = new Set([403, 404]); // what the bucket answers to a ticket that is over

class Refused extends Error {}
class Later extends Error {}

export function begin(field, words) {
  const form = field.closest("form");
  const uploaded = field.querySelector("[name=uploaded]");
  const list = field.querySelector(".sending");
  const status = Object.assign(document.createElement("p"), { className: "notice", hidden: true });
  status.setAttribute("role", "status");
  list.after(status);
  const waiting = new Set(); // files that are not there yet
  const kept = keeper(form);
  let submitter; // the button of a form that waits for its files

  // ahead of every other script that has to do with the form
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    if (!waiting.size || submitter !== undefined) return kept.left();
    event.preventDefault();
    event.stopPropagation();
    submitter = event.submitter ?? null;
    status.textContent = words.wait;
    status.hidden = false;
  }, true);

  function done(record) {
    waiting.delete(record);
    if (waiting.size || submitter === undefined) return;
    const button = submitter;
    submitter = undefined;
    status.hidden = true;
    form.requestSubmit(button);
  }

  const names = () => uploaded.value.split(" ").filter(Boolean);
  const named = (known) => (uploaded.value = [...new Set(known)].join(" "));

  async function send(record) {
    const line = document.createElement("li");
    const said = document.createElement("span");
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    const remove = button(words.remove);
    line.append(said, bar, remove);
    if (record.heard) line.append(player(record.heard));
    list.append(line);
    const stop = new AbortController();
    const say = (key, more = {}) => (said.textContent = filled(words[key], { name: record.name.slice(-40), ...more }));
    remove.addEventListener("click", () => {
      stop.abort();
      kept.forget(record);
      named(names().filter((other) => other !== record.file));
      line.remove();
      done(record);
    });
    waiting.add(record);
    try {
      if (!record.file) await arrive(record, stop.signal, say, line, bar);
      named([...names(), record.file]);
      say("sent");
    } catch (error) {
      if (!stop.signal.aborted) {
        const why = error instanceof Refused ? error.message : "refused";
        say(why);
        line.classList.add("wrong");
        if (why !== "signed_out") kept.forget(record);
      }
    } finally {
      bar.remove();
      done(record);
    }
  }

  async function arrive(record, signal, say, line, bar) {
    if (!record.body) {
      say("smaller");
      record.body = await smaller(record.source);
      record.type = typeOf(record.body, record.source);
      delete record.source;
    }
    const most = MOST[record.type.split("/")[0]];
    if (!record.body.size) throw new Refused("empty");
    if (!most) throw new Refused("unknown");
    if (record.body.size > most) throw new Refused("large");
    await kept.put(record);
    const progress = (part) => {
      bar.value = part;
      say("sending", { percent: Math.round(part * 100) });
    };
    await patiently(signal, say, line, words, () => upload(record, signal, progress));
    record.file = record.ticket.file;
    delete record.body;
    delete record.ticket;
    await kept.put(record);
  }

  async function upload(record, signal, progress) {
    if (!(Date.parse(record.ticket?.expires_at) > Date.now())) {
      record.ticket = await ticketFor(record, signal);
      await kept.put(record);
    }
    const sent = new FormData();
    for (const [key, value] of Object.entries(record.ticket.fields)) sent.append(key, value);
    sent.append("file", record.body);
    const answered = await post(record.ticket.address, sent, signal, progress);
    if (answered < 300) return;
    if (GONE.has(answered)) delete record.ticket;
    throw answered === 400 ? new Refused("refused") : new Error(String(answered));
  }

  async function ticketFor(record, signal) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": kept.key || field.dataset.key || "files" };
    if (field.dataset.csrf) headers["X-CSRF-Token"] = field.dataset.csrf;
    const body = JSON.stringify({ type: record.type, size: record.body.size });
    const answer = await fetch(field.dataset.tickets, { method: "POST", headers, body, signal });
    if (answer.status === 429) throw new Later("braked");
    if (answer.status === 401 || answer.status === 403) throw new Refused(kept.works ? "signed_out" : "refused");
    if (answer.status >= 400 && answer.status < 500) throw new Refused(answer.status === 400 ? "unknown" : "refused");
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  kept.found(names()).then((records) => records.forEach(send));
  return (file, heard) => send({ name: file.name, source: file, heard });
}

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, value) => values[value]);
const button = (textContent) => Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent });
const player = (heard) => Object.assign(document.createElement("audio"), { controls: true, src: heard });

// The status that is answered; an error where nothing is.
function post(address, body, signal, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    request.open("POST", address);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => resolve(request.status));
    for (const broke of ["error", "abort", "timeout"]) request.addEventListener(broke, () => reject(new Error(broke)));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

// Tries again after a while, and as soon as there is a connection, the page is looked at, or the button is pressed.
async function patiently(signal, say, line, words, act) {
  for (let tried = 0; ; tried += 1) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Refused || signal.aborted) throw error;
      const later = error instanceof Later;
      say(later ? error.message : "again");
      await pause(PAUSES[later ? PAUSES.length - 1 : Math.min(tried, PAUSES.length - 1)], line, words, signal);
    }
  }
}

function pause(milliseconds, line, words, signal) {
  return new Promise((resolve) => {
    const retry = button(words.retry);
    const timer = setTimeout(go, milliseconds);
    const seen = () => document.hidden || go();
    function go() {
      clearTimeout(timer);
      removeEventListener("online", go);
      document.removeEventListener("visibilitychange", seen);
      retry.remove();
      resolve();
    }
    addEventListener("online", go);
    document.addEventListener("visibilitychange", seen);
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
