// The lines of the open talk: drawn from messages, parted by days, gathered into groups.
import { linked } from "./talk-links.js";
import { pattern, patternOf, stamp } from "./talk-patterns.js";
import { said } from "./times.js";

const TOGETHER = 5 * 60_000; // ms
const LINE = "[data-message], [data-ref]";

export const me = Number(document.body.dataset.user);
export const talk = Number(document.querySelector("[data-conversation-open]").dataset.conversationOpen);
export const list = document.querySelector("[data-messages]");

/** A page of the past has a gap before the present: nothing is put under it. */
export const past = list.matches("[data-past]");

export const find = (id) => list.querySelector(`[data-message="${id}"]`);

export function drawn(message) {
  const item = pattern(patternOf(message, me));
  item.dataset.message = message.id;
  item.toggleAttribute("data-own", message.sender === me);
  item.toggleAttribute("data-read", message.is_read);
  setTime(item, new Date(message.created_at));
  if (message.kind === "text") setText(item, message.content);
  else item.querySelector("[data-name]")?.replaceChildren(message.sender_username);
  return item;
}

export function setText(item, text) {
  item.querySelector(".bubble__text").replaceChildren(...linked(text, item.dataset.message));
}

export function setTime(item, moment) {
  const time = item.querySelector("time");
  time.dateTime = stamp(moment);
  time.textContent = said(moment, "clock");
}

/** Puts the line under those that are saved, above those on their way. */
export function add(item) {
  list.insertBefore(item, list.querySelector("[data-ref]"));
  settle(item);
}

export function remove(item) {
  const below = next(item);
  item.remove();
  if (below) settle(below);
}

/** Parts this line from the one above it, or joins the two. */
export function settle(item) {
  const above = previous(item);
  const separators = between(above, item);
  const starts = !above || dayOf(above) !== dayOf(item);
  const day = separators.find((each) => each.matches(".day"));
  if (starts && !day) (separators[0] ?? item).before(drawnDay(item));
  if (!starts) day?.remove();
  const parted = starts || separators.some((each) => each.matches(".unread-line"));
  item.classList.toggle("bubble--joined", !parted && together(above, item));
  const below = next(item);
  if (below?.matches(".bubble--joined") && !together(item, below)) below.classList.remove("bubble--joined");
}

export function settleAll() {
  for (const day of list.querySelectorAll(".day")) day.remove();
  for (const item of list.querySelectorAll(LINE)) settle(item);
}

/** Above the first message that nobody has seen here. */
export function markUnread(item) {
  clearUnread();
  item.before(pattern("unread"));
  settle(item);
}

export function clearUnread() {
  const line = list.querySelector(".unread-line");
  const below = line && next(line);
  line?.remove();
  if (below) settle(below);
}

const momentOf = (item) => new Date(item.querySelector("time").dateTime);
const dayOf = (item) => momentOf(item).toDateString();

function neighbour(item, step) {
  let each = item[step];
  while (each && !each.matches(LINE)) each = each[step];
  return each;
}
const previous = (item) => neighbour(item, "previousElementSibling");
const next = (item) => neighbour(item, "nextElementSibling");

function between(above, item) {
  const found = [];
  for (let each = item.previousElementSibling; each && each !== above; each = each.previousElementSibling) {
    if (each.matches(".day, .unread-line")) found.unshift(each);
  }
  return found;
}

function together(above, below) {
  const texts = above.matches(".bubble") && below.matches(".bubble");
  return texts && above.matches("[data-own]") === below.matches("[data-own]") && momentOf(below) - momentOf(above) < TOGETHER;
}

function drawnDay(item) {
  const day = pattern("day");
  const time = day.querySelector("time");
  time.dateTime = stamp(momentOf(item));
  time.textContent = said(momentOf(item), "calendar");
  return day;
}
