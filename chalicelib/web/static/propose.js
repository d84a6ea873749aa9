// Proposes while a report is typed (chalicelib/web/proposal_routes.py): sends its words to the desk, says what they seem
// to be about and because of which, and fills in what is still empty. Whoever types decides: what they have chosen
// themselves stays. Without this script a button does the same.

const PAUSE = 800; // milliseconds without a key
const LEAST = 4; // characters

const form = document.querySelector("form[data-proposals]");
const status = document.getElementById("proposal");
const words = form.elements.namedItem("text");
const chosen = new Set();
const filled = new Set();
let waiting;
let asked = "";
let current = 0;

function fill(fields) {
  for (const name of filled) {
    if (!(name in fields) && !chosen.has(name)) form.elements.namedItem(name).value = "";
  }
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (!field || chosen.has(name) || (field.value && !filled.has(name))) continue;
    field.value = value;
    filled.add(name);
  }
}

function say(proposal) {
  status.textContent = proposal.said;
  status.classList.toggle("wrong", proposal.danger);
  status.hidden = !proposal.said;
}

async function ask() {
  const text = words.value.trim();
  if (text === asked || text.length < LEAST) return;
  asked = text;
  const mine = ++current;
  const body = new URLSearchParams({ text, csrf: form.elements.namedItem("csrf")?.value ?? "" });
  try {
    const answer = await fetch(form.dataset.proposals, { method: "POST", body });
    if (!answer.ok || mine !== current) return;
    const proposal = await answer.json();
    say(proposal);
    fill(proposal.fields);
  } catch {
    // out of reach: the form goes without a proposal
  }
}

form.addEventListener("change", (event) => {
  if (event.target !== words) chosen.add(event.target.name);
});
words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
