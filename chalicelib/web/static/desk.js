// What makes the pages of staff answer by themselves: cases are found while somebody types, and times left run on.
// Everything here works without it as well, by Enter and by loading the page again.

const WAIT = 250; // milliseconds after the last key, so that not every one is asked for
const TICK = 1000; // milliseconds

const box = document.getElementById("find");
const hits = document.getElementById("hits");
let asked; // what is being asked for now

async function find() {
  const query = box.value.trim();
  asked?.abort();
  if (!query) return close();
  asked = new AbortController();
  const { signal } = asked;
  const address = `${box.form.action}?${new URLSearchParams({ q: query, part: "hits" })}`;
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return close(); // Enter leads to the page, which says what is wrong
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    for (const link of page.querySelectorAll("a[href]")) {
      // the answer's links are relative to its own address, which is not this page's
      if (!/^[a-z]+:/i.test(link.getAttribute("href"))) link.href = new URL(link.getAttribute("href"), address);
    }
    hits.replaceChildren(...page.body.childNodes);
    hits.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function close() {
  hits.hidden = true;
  hits.replaceChildren();
}

function listen() {
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, WAIT);
  };
  box.addEventListener("input", (event) => event.isComposing || later());
  box.addEventListener("compositionend", later); // a Chinese word is asked for once it is chosen
  box.form.addEventListener("submit", () => clearTimeout(waiting));
  box.form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => box.form.contains(event.target) || close());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape" && !hits.hidden) {
      close();
      box.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const links = [...hits.querySelectorAll("td:first-child a")];
      if (hits.hidden || !links.length || !box.form.contains(event.target)) return;
      event.preventDefault();
      const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (links[at] ?? box).focus();
    }
  });
}

const SECONDS = [86400, 3600, 60, 1];

// As `duration` in web/list_rows.py says it: the two largest units.
function duration(seconds, units) {
  const parts = [];
  let left = Math.floor(Math.abs(seconds));
  SECONDS.forEach((length, place) => {
    const count = Math.floor(left / length);
    if (parts.length === 2 || (!count && !parts.length) || (length === 1 && parts.length)) return;
    parts.push(units[place].replace("@", count));
    left %= length;
  });
  return parts.join(units[4]) || units[3].replace("@", 0);
}

function tick() {
  const now = Date.now();
  for (const table of document.querySelectorAll("[data-units]")) {
    const units = table.dataset.units.split("|");
    for (const time of table.querySelectorAll("time")) {
      const seconds = (Date.parse(time.dateTime) - now) / 1000;
      const runs = time.classList.contains("countdown");
      const words = runs ? (seconds <= 0 ? table.dataset.over : table.dataset.left) : table.dataset.age;
      const said = words.replace("@", duration(seconds, units));
      if (time.textContent !== said) time.textContent = said;
      if (runs && seconds <= 0) time.classList.add("late");
    }
  }
}

// Lists look for what is new by themselves: the desk answers 304 while nothing is.

const LOOK_AGAIN = 15000; // milliseconds
const said = document.getElementById("alive");
let seen = Date.now(); // what was registered later is new
let sounds = localStorage.getItem("sound") !== "off";

async function lookAgain() {
  const list = document.getElementById("list");
  if (document.hidden || list.contains(document.activeElement) || list.querySelector("details[open], input:checked")) return;
  try {
    const answer = await fetch(location.href, { headers: { "If-None-Match": list.dataset.etag } });
    if (answer.status !== 200 || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("list");
    if (!fresh) return;
    const known = new Set([...list.querySelectorAll(".urgent[data-number]")].map((row) => row.dataset.number));
    const rows = [...fresh.querySelectorAll("[data-number]")];
    const urgent = rows.filter((row) => row.classList.contains("urgent") && !known.has(row.dataset.number));
    const later = rows.filter((row) => Date.parse(row.querySelector("time").dateTime) > seen);
    list.replaceWith(document.adoptNode(fresh));
    seen = Math.max(seen, ...later.map((row) => Date.parse(row.querySelector("time").dateTime)));
    if (urgent.length) tell(said.dataset.urgent, urgent);
    else if (later.length) tell(said.dataset.new, later);
  } catch {
    // no network just now: the next time is soon
  }
}

function tell(what, rows) {
  said.firstChild.textContent = `${what} ${rows.map((row) => row.dataset.number).join(", ")} `;
  if (!canSound()) return;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.2;
  tone.connect(volume).connect(audio.destination);
  tone.frequency.value = 880;
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

// A browser lets a page sound only after its first key or tap: until then the switch says so.

let audio;
const GESTURES = ["keydown", "pointerup", "click"];
const canSound = () => sounds && audio?.state === "running";

function wake(shown) {
  audio ??= new AudioContext();
  audio.onstatechange = shown;
  audio.resume().then(shown, () => {});
}

function keepAlive() {
  const button = document.createElement("button");
  const show = () => {
    button.textContent = canSound() ? said.dataset.on : sounds ? said.dataset.waits : said.dataset.off;
    if (canSound()) GESTURES.forEach((gesture) => document.removeEventListener(gesture, touched, true));
  };
  const touched = (event) => sounds && event?.target !== button && wake(show);
  GESTURES.forEach((gesture) => document.addEventListener(gesture, touched, true));
  if (navigator.userActivation?.hasBeenActive) touched();
  button.type = "button";
  button.className = "plain";
  button.addEventListener("click", () => {
    sounds = !sounds || !canSound(); // whoever taps the switch while it waits for a tap wants to hear
    localStorage.setItem("sound", sounds ? "on" : "off");
    if (sounds) wake(show);
    show();
  });
  show();
  said.replaceChildren(document.createTextNode(""), button); // in the room that was kept free for it
  setInterval(lookAgain, LOOK_AGAIN);
}

// On a telephone the tabs are wider than the screen: the one of this page is brought into view.

for (const tab of document.querySelectorAll("nav.tabs [aria-current]")) {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
}

if (box) listen();
if (said) keepAlive();
setInterval(tick, TICK);
