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

const SECONDS = [86400, 3600, 60];

// As `duration` in web/list_rows.py says it: the two largest units.
function duration(seconds, units) {
  const parts = [];
  let left = Math.floor(Math.abs(seconds));
  for (const [place, length] of SECONDS.entries()) {
    const count = Math.floor(left / length);
    if (count) parts.push(units[place].replace("@", count));
    if (parts.length === 2 || (parts.length && !count)) break;
    left %= length;
  }
  return parts.join(units[4]) || units[3];
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

// The page of an act, and of a mistake, opens at its form, the cursor in the first field.

const FIELD = "input:not([type=hidden]), select, textarea";
const form = /^#do-\w+$/.test(location.hash) && document.querySelector(location.hash);
if (form) addEventListener("load", () => form.querySelector(FIELD)?.focus()); // before that the browser takes it away

// Where the tabs are wider than the screen, that of this page is brought into view.

for (const tab of document.querySelectorAll("nav.tabs [aria-current]")) {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
}

if (box) listen();
setInterval(tick, TICK);
