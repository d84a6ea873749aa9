// A page of several forms keeps what was typed into each of them while its language or look is changed: in this tab
// alone, and only until the page is drawn again. A page with one form needs no script for it: it sends the text along.

const KEPT = "typed";
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit", "radio"].includes(field.type));
const forms = () => [...document.querySelectorAll("#main form[method=post]")];
const named = (form) => new URL(form.action).pathname;

function keep() {
  const typed = forms().map((form) => [named(form), fieldsOf(form).filter(({ value }) => value).map(({ name, value }) => [name, value])]);
  sessionStorage.setItem(KEPT, JSON.stringify(typed.filter(([, fields]) => fields.length)));
}

function fillIn() {
  const typed = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  sessionStorage.removeItem(KEPT);
  for (const form of forms()) {
    const known = new Map(typed.get(named(form)));
    for (const field of fieldsOf(form).filter(({ name }) => known.has(name))) {
      field.value = known.get(field.name);
      for (let place = field; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
    }
  }
}

try {
  fillIn();
  document.querySelector(".langs").addEventListener("click", keep);
  document.querySelector(".foot nav").addEventListener("click", keep);
} catch {
  // a browser that keeps nothing: what was typed is typed again
}
