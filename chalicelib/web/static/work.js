// What a handler types is kept in this browser until it was taken: without a network it waits here, and is sent by
// itself when there is one. Each form has a key of its own, so that nothing happens twice. Without this script the
// forms are sent as ever. Files are not kept.

const DAYS = 7 * 24 * 3600 * 1000; // milliseconds that something is kept at most
const AGAIN = 20000; // milliseconds between two tries
const PREFIX = "work ";
const said = document.getElementById("kept");
const forms = [...document.querySelectorAll("#main form[method=post]")];
let sending = false;

const nameOf = (action) => PREFIX + new URL(action).pathname;
const typedIn = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type));

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function keep(form, waits, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
  localStorage.setItem(nameOf(form.action), JSON.stringify({ at: Date.now(), action: form.action, label: form.querySelector("button:not([type=button])").textContent, waits, fields }));
}

function forgetOld() {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    if (!(Date.now() - read(name)?.at < DAYS)) localStorage.removeItem(name);
  }
}

function waiting() {
  const names = forms.length ? Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)) : [];
  const here = new URL(forms[0]?.action ?? location.href).pathname.replace(/[^/]*$/, "");
  return names.filter((name) => name.startsWith(PREFIX + here)).map(read).filter((held) => held?.waits);
}

// Sent as the browser itself would: the page that answers says what is wrong, with what was typed.
function submitPlainly(held) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = held.action;
  for (const [name, value] of held.fields) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.hidden = true;
  document.body.append(form);
  form.submit();
}

async function send() {
  const [held] = waiting();
  if (!held || sending) return;
  sending = true;
  tell(said.dataset.sends);
  try {
    const answer = await fetch(held.action, { method: "POST", body: new URLSearchParams(held.fields) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    localStorage.removeItem(nameOf(held.action));
    if (answer.redirected) location.replace(answer.url);
    else submitPlainly(held);
  } catch {
    tell(`${said.dataset.waits} ${held.label}`, true);
  } finally {
    sending = false;
  }
}

function tell(words, again) {
  said.hidden = false;
  said.textContent = `${words} `;
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = said.dataset.again;
  button.addEventListener("click", send);
  said.append(button);
}

function fillIn(form) {
  const held = read(nameOf(form.action));
  if (!held || held.waits) return;
  const kept = new Map(held.fields);
  const fresh = typedIn(form).filter((field) => kept.get(field.name) && field.value !== kept.get(field.name));
  if (form.querySelector("[aria-invalid], .notice.wrong")) return; // the page has what was sent
  for (const field of fresh) if (field.type !== "radio") field.value = kept.get(field.name);
  if (!fresh.length) return;
  for (let place = form; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
  tell(said.dataset.back);
}

function start() {
  forgetOld();
  const done = new URLSearchParams(location.search).get("done"); // taken, perhaps with a file and so without us
  if (done) localStorage.removeItem(`${PREFIX}${location.pathname}/${done}`);
  for (const form of forms) {
    fillIn(form);
    form.addEventListener("input", () => keep(form, false));
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);
      if (files) return;
      keep(form, true, event.submitter);
      event.preventDefault();
      send();
      said.scrollIntoView({ block: "center" });
    });
  }
  addEventListener("online", send);
  setInterval(send, AGAIN);
  send();
}

try {
  start();
} catch {
  // a browser that keeps nothing: the forms are sent as ever
}
