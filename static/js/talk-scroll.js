// The talk stays at its end while it is there; elsewhere a button leads back and counts what came meanwhile.
import { list } from "./talk-lines.js";

const NEAR = 48; // px

const place = document.querySelector("[data-scroll]");
const button = document.querySelector("[data-jump]");
const plural = new Intl.PluralRules(document.documentElement.lang);
let end = true;
let missed = 0;

export const atEnd = () => end;

export function toEnd() {
  place.scrollTop = place.scrollHeight;
  arrive(true);
}

export function show(item) {
  item.scrollIntoView({ block: "center" });
}

/** Something came while the reader looks at older lines. */
export function miss() {
  if (end) return;
  missed += 1;
  draw();
}

/** What stands in the window stays where it is while lines are put above it. */
export function still(act) {
  const below = place.scrollHeight - place.scrollTop;
  act();
  place.scrollTop = place.scrollHeight - below;
}

function arrive(there) {
  end = there;
  if (there) missed = 0;
  draw();
}

function draw() {
  button.hidden = end;
  const { dataset } = button;
  button.querySelector("[data-jump-text]").textContent = missed ? `${missed}\u00a0${dataset[plural.select(missed)]}` : dataset.none;
}

// From here on the place is kept by these scripts, before that by the styles.
place.toggleAttribute("data-settled", true);
place.addEventListener("scroll", () => arrive(place.scrollHeight - place.scrollTop - place.clientHeight < NEAR), { passive: true });
const sizes = new ResizeObserver(() => end && toEnd());
sizes.observe(place);
sizes.observe(list);
