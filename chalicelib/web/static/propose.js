// Proposes while a report is typed (chalicelib/web/proposal_routes.py): sends its words to the desk, says what they seem
// to be about and what is promised then, and fills in what is still empty. Whoever types decides: what they have chosen
// themselves stays, and the promise follows it. Without this script a button does the same.

const PAUSE = 800; // milliseconds without a key
const LEAST = 4; // characters

const form = document.querySelector("form[data-proposals]");
const status = document.getElementById("proposal");
const promise = document.getElementById("promise");
const words = form.elements.namedItem("text");
const chosen = new Set();
const filled = new Set();
let waiting;
let asked = "";
let current = 0;

function fill(fields) {
  let fills = false;
  const put = (field, value) => {
    fills ||= field.value !== value;
    field.value = value;
  };
  for (const name of filled) {
    if (!(name in fields) && !chosen.has(name)) put(form.elements.namedItem(name), "");
  }
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (!field || chosen.has(name) || (field.value && !filled.has(name))) continue;
    put(field, value);
    filled.add(name);
  }
  if (fills) form.dispatchEvent(new Event("proposed")); // the asides of the desk follow
}

function say(proposal) {
  status.textContent = proposal.said;
  status.hidden = !proposal.said;
  status.parentElement.classList.toggle("wrong", proposal.danger);
  if (promise) promise.textContent = proposal.promise;
}

async function ask() {
  const text = words.value.trim();
  const own = Object.fromEntries([...chosen].map((name) => [name, form.elements.namedItem(name)?.value ?? ""]));
  const body = new URLSearchParams({ ...own, text, csrf: form.elements.namedItem("csrf")?.value ?? "" });
  if (String(body) === asked || text.length < LEAST) return;
  asked = String(body);
  const mine = ++current;
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
  if (event.target === words) return;
  if (event.target.name === "kind" || event.target.name === "matter") {
    chosen.add(event.target.name);
    ask();
  }
});
words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
