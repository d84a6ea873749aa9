// Lists look for what is new by themselves: the desk answers 304 while nothing is. What is new is always told; only the
// list stays as it is while somebody is in it. What only a touched page needs is loaded then (touch.js). Without this
// script lists are loaded again by hand.

const LOOK_AGAIN = 15000; // milliseconds
const OUT_OF_SIGHT = 60000; // the same while nobody sees the page
const said = document.getElementById("alive");
const words = said.dataset;
const list = () => document.getElementById("list");
const rowsOf = (part) => [...part.querySelectorAll("[data-number]")];
const numberOf = (row) => row.dataset.number;
const isUrgent = (row) => row.classList.contains("urgent");
const since = (row) => Date.parse(row.querySelector("time").dateTime);
const opened = Date.parse(words.now); // by the desk's clock; what was registered later is new
const known = new Set(rowsOf(list()).map(numberOf));
const emergencies = new Set(rowsOf(list()).filter(isUrgent).map(numberOf));
const news = new Map();
let read = false; // somebody was at the page since the last news
let held; // the newer list that waits while somebody is in the old one
let ended = false;
let failed = 0;
let answered = Date.now();
let looking = false;
let next;
let touch; // touch.js, once somebody has touched the page
let sounds = localStorage.getItem("sound") !== "off";

async function lookAgain() {
  if (looking) return;
  looking = true;
  clearTimeout(next);
  try {
    const answer = await fetch(location.href, {
      headers: { "If-None-Match": (held ?? list()).dataset.etag },
      signal: AbortSignal.timeout?.(LOOK_AGAIN),
    });
    const out = answer.status === 401 || answer.redirected;
    if (!out && answer.status !== 304) take(await answer.text());
    if (out && !ended) sound();
    ended = out;
    failed = 0;
    answered = Date.now();
  } catch {
    failed += 1; // once may be chance: the next time is soon
  }
  looking = false;
  next = setTimeout(lookAgain, document.hidden ? OUT_OF_SIGHT : LOOK_AGAIN);
  if (held && !isBusy()) replace();
  show();
}

function take(text) {
  held = document.adoptNode(new DOMParser().parseFromString(text, "text/html").getElementById("list"));
  const rows = rowsOf(held);
  const urgent = rows.filter((row) => isUrgent(row) && !emergencies.has(numberOf(row)));
  const ordinary = rows.filter((row) => !isUrgent(row) && !known.has(numberOf(row)) && since(row) > opened);
  const told = [
    [words.urgent, urgent.filter((row) => since(row) > opened)],
    [words.here, urgent.filter((row) => since(row) <= opened)],
    [words.new, ordinary],
  ].filter(([, found]) => found.length);
  rows.forEach((row) => known.add(numberOf(row)));
  urgent.forEach((row) => emergencies.add(numberOf(row)));
  if (!told.length) return;
  if (read) news.clear();
  read = false;
  for (const [what, found] of told) news.set(what, [...(news.get(what) ?? []), ...found.map(numberOf)]);
  sound();
}

const isBusy = () => list().contains(document.activeElement) || list().querySelector("details[open], input:checked");

function replace() {
  touch?.carry(list(), held);
  list().replaceWith(held);
  held = undefined;
}

const text = document.createTextNode("");
const button = (act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.addEventListener("click", act);
  return made;
};
const fetched = button(() => {
  if (held) replace();
  show();
});
const again = document.createElement("a");

function show() {
  const at = new Date(answered).toTimeString().slice(0, 5);
  const trouble = ended ? words.ended : failed > 1 ? words.stale.replace("@", at) : "";
  const told = [...news].map(([what, numbers]) => `${what} ${numbers.join(", ")}`);
  const all = [trouble, ...told].join(" ");
  if (text.data !== all) text.data = all;
  again.hidden = !ended;
  fetched.style.display = held ? "" : "none";
  said.className = all.trim() || held ? "go" : "quiet"; // in sight wherever somebody is on the page
}

// A browser lets a page sound only after its first key or tap: until then the switch says so.

const GESTURES = ["keydown", "pointerup", "click"];
const canSound = () => sounds && touch?.isAwake();
const sound = () => canSound() && touch.sound();

async function touched(event) {
  read = true;
  touch ??= await import(`./touch.js${new URL(import.meta.url).search}`);
  if (sounds && !canSound() && event?.target !== toggle) touch.wake(switched);
}

const toggle = button(() => {
  sounds = !sounds || !canSound(); // whoever taps the switch while it waits for a tap wants to hear
  localStorage.setItem("sound", sounds ? "on" : "off");
  switched();
  touched();
});

function switched() {
  toggle.textContent = canSound() ? words.on : sounds ? words.waits : words.off;
}

function keepAlive() {
  GESTURES.forEach((gesture) => document.addEventListener(gesture, (event) => touched(event).catch(() => {}), true));
  if (navigator.userActivation?.hasBeenActive) touched();
  switched();
  fetched.textContent = words.show;
  again.textContent = words.again;
  again.href = location.pathname + location.search;
  said.replaceChildren(text, " ", again, " ", fetched, " ", toggle); // in the room that was kept free for it
  show();
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain());
  next = setTimeout(lookAgain, LOOK_AGAIN);
}

keepAlive();
