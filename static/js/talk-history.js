// Older messages, put above without a jump.
import { fragment } from "./fragment.js";
import { list, settle } from "./talk-lines.js";
import { still } from "./talk-scroll.js";
import { localise } from "./times.js";

const AHEAD = "600px 0px 0px"; // asked for before the reader is there

const more = list.querySelector("[data-older]");
const link = more.querySelector("a");
const page = Number(list.dataset.page);
let asking = false;

async function load() {
  if (asking || more.hidden) return;
  asking = true;
  link.setAttribute("aria-busy", "true");
  const answer = await fragment(link.href, ["messages"]).catch((failure) => {
    if (!(failure instanceof TypeError)) throw failure;
  });
  link.removeAttribute("aria-busy");
  asking = false;
  if (answer?.ok && !answer.moved) put(answer.page);
}

function put(older) {
  localise(older);
  const lines = [...older.querySelectorAll("[data-messages] > [data-message]")].map((line) => document.adoptNode(line));
  const first = list.querySelector("[data-message]");
  const { href } = older.querySelector("[data-older] a");
  still(() => {
    for (const day of list.querySelectorAll(".day")) if (day.nextElementSibling === first) day.remove();
    more.after(...lines);
    for (const line of [...lines, first]) if (line) settle(line);
    more.hidden = older.querySelector("[data-older]").hidden;
    link.href = href;
  });
  // Still in sight: the observer tells only of changes.
  sight.unobserve(more);
  sight.observe(more);
}

/** At its end the talk shows as many lines as when it is loaded anew. */
export function trim() {
  const lines = list.querySelectorAll("[data-message]");
  if (lines.length <= page) return;
  const first = lines[lines.length - page];
  while (more.nextElementSibling !== first) more.nextElementSibling.remove();
  settle(first);
  more.hidden = false;
  link.href = `?before=${first.dataset.message}`;
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  load();
});
const sight = new IntersectionObserver(([entry]) => entry.isIntersecting && load(), {
  root: document.querySelector("[data-scroll]"),
  rootMargin: AHEAD,
});
/** Only once the talk stands where its reader is to begin. */
export const begin = () => sight.observe(more);
