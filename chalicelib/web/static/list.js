// Lists look for what is new by themselves: the desk answers 304 while nothing is. Without this script they are loaded
// again by hand.

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

keepAlive();
