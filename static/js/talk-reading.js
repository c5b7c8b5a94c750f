// Reading: a text of the other side that is on the screen of a visible tab has been read.
import { command, state } from "./live.js";
import { clearUnread, list, me, talk } from "./talk-lines.js";

const CALM = 250; // ms
const UNREAD = ".bubble[data-message]:not([data-own], [data-read])";

const shown = new Set();
let told = 0;
let timer;

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) shown.add(target);
      else shown.delete(target);
    }
    later();
  },
  { root: document.querySelector("[data-scroll]") },
);

export const isUnread = (item) => item.matches(UNREAD);
export const hasUnread = () => list.querySelector(UNREAD) !== null;

export function watch(item) {
  if (isUnread(item)) sight.observe(item);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(tell, CALM);
}

function tell() {
  if (document.visibilityState !== "visible") return;
  const newest = Math.max(0, ...[...shown].filter(isUnread).map((item) => Number(item.dataset.message)));
  if (newest <= told) return;
  told = newest;
  read(newest).catch(() => (told = 0));
}

function read(message) {
  // Where sockets are blocked, opening the page is what reads.
  if (state() === "polling") return fetch(location.pathname, { cache: "no-store" });
  return command("message.read", { conversation: talk, message });
}

document.addEventListener("live:message.read", ({ detail: { conversation, reader, message } }) => {
  if (conversation !== talk) return;
  const side = reader === me ? ":not([data-own])" : "[data-own]";
  for (const item of list.querySelectorAll(`[data-message]${side}:not([data-read])`)) {
    if (Number(item.dataset.message) > message) continue;
    item.setAttribute("data-read", "");
    sight.unobserve(item);
    shown.delete(item);
  }
});
document.addEventListener("live:state", later);
document.addEventListener("visibilitychange", later);
document.addEventListener("outbox:pending", ({ detail: { conversation } }) => conversation === talk && clearUnread());
list.querySelectorAll(UNREAD).forEach(watch);
