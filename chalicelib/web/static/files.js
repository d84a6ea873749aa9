// The field for files. What sends them (sending.js) and what records a voice (recorder.js) is loaded when it is first
// wanted, or when this browser still has something of before (keeping.js). Without a script, or out of reach, they stay
// chosen, and are sent with the form. Without a network no form of the page is sent: it says so, and keeps what is written.

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);

for (const field of document.querySelectorAll(".files-field")) begin(field);

// Pages of work keep what is sent, and send it later (work.js).
if (!document.getElementById("kept")) addEventListener("submit", staysHere, { capture: true });

function staysHere(event) {
  document.getElementById("offline")?.remove();
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { offline } = JSON.parse(document.querySelector(".files-field").dataset.words);
  const said = Object.assign(document.createElement("div"), { id: "offline", className: "notice wrong", role: "alert", textContent: offline });
  const button = event.submitter ?? event.target.querySelector("button");
  button.before(said);
}

function begin(field) {
  const words = JSON.parse(field.dataset.words);
  const chooser = field.querySelector("[type=file]");
  const chooserOf = (accept, capture) => {
    const made = Object.assign(document.createElement("input"), { type: "file", name: "files", accept });
    made.setAttribute("capture", capture);
    made.addEventListener("change", () => take(made));
    return made;
  };
  let sending;
  const sender = () => (sending ??= load("sending").then((sent) => sent.begin(field, words)));

  async function take(input) {
    try {
      const send = await sender();
      for (const file of input.files) send(file);
      input.value = ""; // else the form would send the bytes once more
    } catch {
      sending = undefined;
      addEventListener("online", () => take(input), { once: true });
    }
  }

  const lens = chooserOf("image/*", "environment");
  field.querySelector(".camera").append(lens);
  chooser.addEventListener("change", () => take(chooser));
  field.querySelector("[name=record]").addEventListener("click", async ({ target }) => {
    target.disabled = true;
    try {
      const [send, { record }] = await Promise.all([sender(), load("recorder")]);
      await record(target, words, send, chooserOf);
    } catch {
      sending = undefined;
      target.disabled = false;
    }
  });
  try {
    if (localStorage.getItem("files")) sender();
  } catch {
    // a browser that keeps nothing
  }
}
