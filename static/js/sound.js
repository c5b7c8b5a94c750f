// A short sound for news, in one tab only; the footer's button switches it off for all of them.
import { alone } from "./locks.js";
import { read, write } from "./store.js";

const me = Number(document.body.dataset.user);
const OFF = "sound-off";
const HEARD = `sound-heard:${me}`; // the number of the newest event that some tab has sounded or shown
const OTHERS_FIRST = 250; // ms: a tab that shows the news itself keeps the others quiet
const QUIET = 1_500; // ms between two sounds
const NOTES = [659, 880]; // Hz
const LENGTH = 0.14; // s a note
const LOUDNESS = 0.12;

const button = document.querySelector("[data-sound]");
let context;
let played = 0;

const claim = (seq) =>
  alone("sound", () => {
    const mine = (read(HEARD) ?? 0) < seq;
    if (mine) write(HEARD, seq);
    return mine;
  });

function beep() {
  context ??= new AudioContext();
  NOTES.forEach((frequency, n) => {
    const start = context.currentTime + n * LENGTH;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(LOUDNESS, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + LENGTH);
  });
  document.dispatchEvent(new CustomEvent("sound:played"));
}

document.addEventListener("news", async ({ detail: { seq, shown } }) => {
  if (shown) return claim(seq);
  // A tab that nobody has touched yet is not allowed to sound.
  if (read(OFF) || navigator.userActivation?.hasBeenActive === false) return;
  await new Promise((resolve) => setTimeout(resolve, OTHERS_FIRST));
  if (!(await claim(seq)) || Date.now() - played < QUIET) return;
  played = Date.now();
  beep();
});

const draw = () => button?.setAttribute("aria-pressed", String(!read(OFF)));
button?.addEventListener("click", () => {
  write(OFF, !read(OFF));
  draw();
});
window.addEventListener("storage", draw);
draw();
