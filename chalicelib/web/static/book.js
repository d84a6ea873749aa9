// Searches the answer book while somebody types, and shows what to ask and say for the matter that is chosen
// (chalicelib/web/book_page.py). Without it the search works by Enter.

const PAUSE = 250; // milliseconds without a key, until it is asked

const search = document.getElementById("book");
const found = document.getElementById("book-found");
const form = document.querySelector("form[data-beside]");
let waiting;
let asked = 0;

async function ask() {
  const query = new URLSearchParams(new FormData(search));
  for (const name of ["kind", "matter"]) {
    const chosen = form?.elements.namedItem(name)?.value;
    if (chosen) query.set(name, chosen);
  }
  query.set("part", "yes");
  const mine = ++asked;
  try {
    const answer = await fetch(`${found.dataset.from}?${query}`, { credentials: "same-origin" });
    if (answer.ok && mine === asked) found.innerHTML = await answer.text(); // escaped by the template
  } catch {
    // no network for a moment: what was found before stays
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

search.addEventListener("input", soon);
form?.addEventListener("change", soon);
form?.addEventListener("proposed", soon); // propose.js has filled in what is empty
