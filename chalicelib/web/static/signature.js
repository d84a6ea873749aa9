// The frame in which a signature is drawn with a finger, a pen or a mouse. What was drawn goes along with its form as a
// small picture; without this script the signed paper is handed in. The frame is white with black ink at any look.

const WIDTH = 600;
const HEIGHT = 240;
const INK = 3.5; // points that a line is wide

for (const field of document.querySelectorAll(".signature")) begin(field);

function begin(field) {
  const value = field.querySelector("input");
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: field.dataset.clear });
  const pen = canvas.getContext("2d");
  let last; // where the pen is, while it is down

  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", field.dataset.label);
  Object.assign(canvas.style, { display: "block", width: "100%", maxWidth: `${WIDTH}px`, touchAction: "none", border: "1px dashed currentColor", borderRadius: "10px", cursor: "crosshair" });
  field.append(canvas, clear);
  field.classList.remove("signature"); // which keeps the room free until the frame is there
  blank();
  if (value.value) restore(value.value);

  function blank() {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, { strokeStyle: "black", fillStyle: "black", lineWidth: INK, lineCap: "round", lineJoin: "round" });
  }

  function restore(drawn) {
    const picture = new Image();
    picture.addEventListener("load", () => pen.drawImage(picture, 0, 0, WIDTH, HEIGHT));
    picture.src = drawn;
  }

  function at(event) {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * WIDTH, ((event.clientY - frame.top) / frame.height) * HEIGHT];
  }

  function draw(event) {
    const now = at(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...now);
    pen.stroke();
    last = now;
  }

  function keep() {
    if (!last) return;
    last = undefined;
    value.value = canvas.toDataURL("image/png");
    value.dispatchEvent(new Event("input", { bubbles: true }));
  }

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    draw(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last) for (const point of event.getCoalescedEvents?.() ?? [event]) draw(point);
  });
  for (const over of ["pointerup", "pointercancel"]) canvas.addEventListener(over, keep);
  clear.addEventListener("click", () => {
    blank();
    value.value = "";
  });
}
