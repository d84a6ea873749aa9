// Solves the puzzle of the public form while it is filled in (chalicelib/adapters/challenge.py): finds the number
// of which, after the salt, SHA-256 is the digest. The page asks for it only while very many strangers report.

const AT_ONCE = 500;
const LONGEST_AT_A_TIME = 40; // milliseconds
const LONGEST_WAIT = 15000; // milliseconds; then the form goes as it is: it may be an emergency, which passes

const field = document.querySelector("input[data-salt]");
const form = field.form;
const status = document.getElementById("challenge");
const encoder = new TextEncoder();
let pressed;

async function digestOf(number) {
  const bytes = await crypto.subtle.digest("SHA-256", encoder.encode(field.dataset.salt + number));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function find() {
  let since = performance.now();
  for (let first = 0; first <= Number(field.dataset.most); first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, place) => first + place);
    const place = (await Promise.all(numbers.map(digestOf))).indexOf(field.dataset.digest);
    if (place >= 0) return first + place;
    if (performance.now() - since > LONGEST_AT_A_TIME) {
      await new Promise((goOn) => setTimeout(goOn)); // whoever types goes first
      since = performance.now();
    }
  }
  return undefined;
}

function send() {
  form.removeEventListener("submit", wait);
  form.requestSubmit(pressed ?? undefined);
}

function wait(event) {
  if (field.value) return;
  event.preventDefault();
  if (pressed !== undefined) return;
  pressed = event.submitter;
  status.textContent = status.dataset.wait;
  setTimeout(() => field.value || send(), LONGEST_WAIT);
}

if (window.isSecureContext) {
  form.addEventListener("submit", wait);
  const number = await find();
  if (number !== undefined) {
    field.value = `${field.dataset.salt}.${number}.${field.dataset.signature}`;
    status.textContent = status.dataset.ready;
    if (pressed !== undefined) send();
  }
} else {
  status.textContent = status.dataset.without;
}
