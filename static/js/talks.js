// The list of talks: each row says what its talk said last, and the newest is on top.
import { headOf } from "./adopt.js";
import { refresh } from "./regions.js";
import { pattern, patternOf, stamp } from "./talk-patterns.js";
import "./talks-keys.js";
import { said } from "./times.js";

const TYPING = 5_000; // ms
const LONGEST = 120; // characters of the last line

const me = Number(document.body.dataset.user);
const list = () => document.querySelector("[data-conversations]");
const find = (conversation) => list().querySelector(`[data-conversation="${conversation}"]`);
const typing = new Map();

function setUnread(row, count) {
  row.dataset.unread = count;
  row.querySelector("[data-row-count]").textContent = count;
}

function say(row, message) {
  const line = pattern(patternOf(message, me), "row-pattern");
  line.dataset.line = message.id;
  if (line.dataset.ticks) line.dataset.ticks = message.is_read ? "read" : "sent";
  const letters = [...message.content];
  const words = letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : message.content;
  line.querySelector("[data-words]")?.replaceChildren(words);
  row.querySelector("[data-line]").replaceWith(line);
  const time = row.querySelector("time");
  const moment = new Date(message.created_at);
  time.dateTime = stamp(moment);
  time.textContent = said(moment, "short");
}

function hush(row) {
  clearTimeout(typing.get(row));
  typing.delete(row);
  row.querySelector("[data-row-typing]").hidden = true;
  row.querySelector("[data-line]").hidden = false;
}

document.addEventListener("live:message.new", ({ detail: { seq, message } }) => {
  const row = find(message.conversation);
  if (!row) return refresh(list());
  if (seq <= headOf(row)) return;
  if (message.sender !== me) hush(row);
  say(row, message);
  if (message.kind === "text" && message.sender !== me) setUnread(row, Number(row.dataset.unread) + 1);
  // Moving it would take the focus from whoever stands on it.
  if (row !== list().firstElementChild) {
    const focused = row.contains(document.activeElement) && document.activeElement;
    list().prepend(row);
    if (focused) focused.focus({ preventScroll: true });
  }
});

document.addEventListener("live:message.read", ({ detail: { seq, conversation, reader, message, unread } }) => {
  const row = find(conversation);
  if (!row || seq <= headOf(row)) return;
  if (reader === me) return setUnread(row, unread);
  const line = row.querySelector("[data-ticks]");
  if (line && Number(line.dataset.line) <= message) line.dataset.ticks = "read";
});

document.addEventListener("live:typing", ({ detail: { conversation } }) => {
  const row = find(conversation);
  if (!row) return;
  hush(row);
  row.querySelector("[data-row-typing]").hidden = false;
  row.querySelector("[data-line]").hidden = true;
  typing.set(row, setTimeout(() => hush(row), TYPING));
});
