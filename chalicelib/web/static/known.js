// Says, while a report is typed at the desk, who reported from its unit or number before, and which of their cases are open
// (chalicelib/web/household_page.py). Without this script a button of the form does the same.

const PAUSE = 500; // milliseconds without a key

const place = document.getElementById("known");
const form = document.querySelector("form[data-proposals]");
const field = (name) => form.elements.namedItem(name);
let waiting;
let asked = 0;

function ready() {
  for (const button of place.querySelectorAll(".fill-in")) button.hidden = false;
}

async function ask() {
  const mine = ++asked;
  const body = new URLSearchParams(["unit", "phone", "kind", "matter", "csrf"].map((name) => [name, field(name).value]));
  try {
    const answer = await fetch(place.dataset.from, { method: "POST", body });
    if (!answer.ok || answer.redirected || mine !== asked) return;
    place.innerHTML = await answer.text(); // escaped by the template
    for (const link of place.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), answer.url);
    ready();
  } catch {
    // no network for a moment: what was known before stays
  }
}

place.addEventListener("click", (event) => {
  const said = event.target.closest(".fill-in")?.dataset;
  for (const name of said ? ["name", "unit", "phone", "care", "care_by", "care_on"] : []) field(name).value ||= said[name] ?? "";
  if (said) ask(); // the unit of a number, say, has more cases
});
for (const name of ["unit", "phone", "kind", "matter"]) {
  field(name).addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
}
form.addEventListener("proposed", ask); // kind and matter were filled in by propose.js
ready();
