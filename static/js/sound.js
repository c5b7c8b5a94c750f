// A short sound for news, in one tab only; a button of the menu or the footer switches it off for all of them.
import { read, write } from "./store.js";

const OFF = "sound-off";
const OTHERS_FIRST = 250; // ms: a tab that shows the news itself keeps the others quiet
const QUIET = 1_500; // ms between two sounds
const NOTES = [659, 880]; // Hz
const LENGTH = 0.14; // s a note
const LOUDNESS = 0.12;

const buttons = document.querySelectorAll("[data-sound]");
const tabs = new BroadcastChannel(`sound:${document.body.dataset.user}`);
let context;
let played = 0;
let shown = 0; // the number of the newest event that some tab has on its screen
let speaks = false; // whether this is the tab that sounds

tabs.addEventListener("message", ({ data }) => (shown = Math.max(shown, data)));

// A lock held for good and not a note in the storage, which another tab may read before it is there.
function takeTurn() {
  if (!navigator.locks) speaks = true; // plain http
  navigator.locks?.request("sound", () => {
    speaks = true;
    return new Promise(() => {});
  });
}

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

document.addEventListener("news", async ({ detail }) => {
  if (detail.shown) return tabs.postMessage(detail.seq);
  if (!speaks || read(OFF)) return;
  await new Promise((resolve) => setTimeout(resolve, OTHERS_FIRST));
  if (shown >= detail.seq || Date.now() - played < QUIET) return;
  played = Date.now();
  beep();
});

// A tab that nobody has touched is not allowed to sound.
if (navigator.userActivation?.hasBeenActive) takeTurn();
else for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, takeTurn, { once: true });

const draw = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(!read(OFF))));
const turn = () => {
  write(OFF, !read(OFF));
  draw();
};
buttons.forEach((button) => button.addEventListener("click", turn));
window.addEventListener("storage", draw);
draw();
