// What a handler types is kept in this browser until it was taken: without a network it waits here, and is sent by
// itself when there is one, from whatever work page or day is open then. Each form has a key of its own, so that nothing
// happens twice. What was refused, or is too old to be sent, stays to be read. Without this script the forms are sent as
// ever. Files are not kept.

const DAYS = 7 * 24 * 3600 * 1000; // milliseconds that something waits at most
const AGAIN = 20000; // milliseconds between two tries
const ANSWERS_WITHIN = 60000;
const PREFIX = "work ";
const LINK = /(\/l\/\w+)\/\w+$/;
const NOT_TYPED = ["once", "version", "csrf"];
const said = document.getElementById("kept");
const words = said.dataset;
const forms = [...document.querySelectorAll("#main form[method=post]")].filter((form) => LINK.test(form.action));
const pageOf = (action) => action.replace(LINK, "$1");
const here = forms.length ? pageOf(forms[0].action) : location.origin + location.pathname;
const sent = []; // from this page, since it was opened
let status = "";
let sending = false;
let isAsked = false; // while it was sending

const nameOf = (action) => PREFIX + new URL(action).pathname;
const typedIn = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type));
const save = (held) => localStorage.setItem(nameOf(held.action), JSON.stringify(held));
const forget = (held) => localStorage.removeItem(nameOf(held.action));

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function all() {
  const names = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const isOurs = (held) => held?.action && pageOf(held.action) === here;
  return names.map(read).filter((held) => held?.action).sort((one, other) => isOurs(other) - isOurs(one) || one.at - other.at);
}

function keep(form, waits, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
  const label = form.querySelector("button:not([type=button])").textContent;
  save({ at: Date.now(), action: form.action, of: words.of, label, waits, fields });
}

function forgetOld() {
  for (const held of all().filter((each) => !(Date.now() - each.at < DAYS))) {
    if (held.waits) save({ ...held, at: Date.now(), waits: false, gone: words.old });
    else forget(held);
  }
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

async function why(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  page.querySelectorAll("main [role=alert] a").forEach((link) => link.remove());
  const sentence = page.querySelector("main [role=alert]") ?? page.querySelector("main p");
  return sentence?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

async function sendAll() {
  for (const held of all().filter((each) => each.waits)) {
    show(words.sends);
    const body = new URLSearchParams(held.fields);
    const answer = await fetch(held.action, { method: "POST", body, signal: AbortSignal.timeout?.(ANSWERS_WITHIN) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    const isHere = pageOf(held.action) === here;
    if (answer.redirected || isHere) forget(held);
    else save({ ...held, at: Date.now(), waits: false, gone: words.refused, why: await why(answer) });
    if (isHere) return answer.redirected ? location.replace(answer.url) : submitPlainly(held);
    if (answer.redirected) sent.push(held);
  }
  show("");
}

// One page after the other: two that are open would send the same. A network that comes while one try still fails is not
// missed.
async function send() {
  isAsked = sending;
  if (sending || !all().some((held) => held.waits)) return;
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request("work", sendAll);
    else await sendAll();
  } catch {
    show(words.waits);
  } finally {
    sending = false;
    if (isAsked) send();
  }
}

function part(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function button(text, act) {
  const made = part("button", text, { type: "button", className: "plain" });
  made.addEventListener("click", act);
  return made;
}

const titleOf = (held) => `${held.of ?? ""} ${held.label}`.trim();
const wayTo = (held) => part("a", words.opens, { href: pageOf(held.action) });

function left(held) {
  const typed = held.fields.filter(([name, value]) => value && !NOT_TYPED.includes(name) && !value.startsWith("data:"));
  const gone = part("div", "");
  const dropped = button(words.forget, () => {
    forget(held);
    show(status);
  });
  gone.append(part("p", `${held.gone} ${titleOf(held)}${held.why ? ` · ${held.why}` : ""}`), ...typed.map(([, value]) => part("p", value, { className: "said" })), wayTo(held), " ", dropped);
  return gone;
}

function show(now) {
  status = now;
  const waiting = all().filter((held) => held.waits);
  if (now === words.waits && !waiting.length) status = now = ""; // another page has sent it
  const lines = [];
  if (now) lines.push(part("p", now === words.waits ? `${now} ${waiting.map(titleOf).join(", ")} ` : now));
  if (now === words.waits) lines[0].append(button(words.again, send));
  for (const held of sent) {
    lines.push(part("p", `${words.sent} ${titleOf(held)} `));
    lines.at(-1).append(wayTo(held));
  }
  lines.push(...all().filter((held) => held.gone).map(left));
  said.replaceChildren(...lines);
  said.hidden = !lines.length;
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
  status = words.back;
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
  show(status);
  addEventListener("online", send);
  addEventListener("storage", () => sending || show(status));
  setInterval(send, AGAIN);
  send();
}

try {
  start();
} catch {
  // a browser that keeps nothing: the forms are sent as ever
}
