// Who is typing: told to the other side now and then, shown for a while.
import { signal } from "./live.js";
import { talk } from "./talk-lines.js";
import { atEnd, toEnd } from "./talk-scroll.js";

const EVERY = 3_000; // ms
const SHOWN = 5_000; // ms

const place = document.querySelector("[data-typing]");
let told = -Infinity;
let timer;

export function type() {
  if (performance.now() - told < EVERY) return;
  told = performance.now();
  signal("typing", { conversation: talk });
}

/** The message is there: the next letter is news again. */
export function stop() {
  told = -Infinity;
}

export function hide() {
  clearTimeout(timer);
  place.hidden = true;
}

document.addEventListener("live:typing", ({ detail: { conversation } }) => {
  if (conversation !== talk) return;
  const end = atEnd();
  place.hidden = false;
  if (end) toEnd();
  clearTimeout(timer);
  timer = setTimeout(hide, SHOWN);
});
