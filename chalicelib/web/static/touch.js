// What a list needs once somebody has touched its page: it may sound, and what was typed goes along into a newer list.

let audio;

export const isAwake = () => audio?.state === "running";

export function wake(shown) {
  audio ??= new AudioContext();
  audio.onstatechange = shown;
  audio.resume().then(shown, () => {});
}

export function sound() {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.2;
  tone.connect(volume).connect(audio.destination);
  tone.frequency.value = 880;
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

export function carry(from, to) {
  for (const field of from.querySelectorAll("details[open] [id], input:checked")) {
    const same = field.id ? to.querySelector(`#${CSS.escape(field.id)}`) : to.querySelector(`[name="${field.name}"][value="${field.value}"]`);
    if (!same) continue;
    same.value = field.value;
    same.checked = field.checked;
    const fold = same.closest("details");
    if (fold) fold.open = true;
  }
}
