// Whom and what this page watches: people's presence and listings' states, at most 50 of each, those on the screen first.
import { command } from "./live.js";

const MOST = 50;
const QUIET = 200; // ms
const attributes = { users: ["presence", "presenceText"], listings: ["listing"] };
const selector = "[data-presence], [data-presence-text], [data-listing]";

const onScreen = new Set();
let wished = "";
let timer;

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) onScreen.add(target);
    else onScreen.delete(target);
  }
  later();
});

function wishes() {
  const present = [...document.querySelectorAll(selector)];
  const ordered = [...present.filter((element) => onScreen.has(element)), ...present];
  const ids = (names) => {
    const found = ordered.flatMap(({ dataset }) => names.map((name) => Number(dataset[name] ?? 0)).filter(Boolean));
    return [...new Set(found)].slice(0, MOST).sort((a, b) => a - b);
  };
  return { users: ids(attributes.users), listings: ids(attributes.listings) };
}

function look() {
  for (const element of onScreen) if (!element.isConnected) onScreen.delete(element);
  for (const element of document.querySelectorAll(selector)) sight.observe(element);
  const wish = wishes();
  if (JSON.stringify(wish) === wished) return;
  wished = JSON.stringify(wish);
  // Not saved anywhere: the next connection wishes again.
  command("watch", wish).catch(() => (wished = ""));
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, QUIET);
}

new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
document.addEventListener("live:state", ({ detail: { state } }) => {
  wished = "";
  if (state === "open") look();
});
