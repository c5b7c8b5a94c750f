// Messages on their way: kept until the server has them, sent by one tab, under the same ref however often.
import { deliver } from "./deliver.js";
import { state } from "./live.js";
import { alone } from "./locks.js";
import { newRef } from "./ref.js";
import { erase, keys, read, write } from "./store.js";

const me = Number(document.body.dataset.user);
const PREFIX = `outbox:${me}:`;
const PAUSE = 1_000; // ms after a failure, when the server says nothing else

const key = (ref) => PREFIX + ref;
const all = () =>
  keys(PREFIX)
    .map(read)
    .filter(Boolean)
    .sort((a, b) => a.at - b.at);
const next = () => all().find((entry) => !entry.failed);
const connected = () => state() === "open" || state() === "polling";
const wait = (delay) => new Promise((resolve) => setTimeout(resolve, delay));
const tell = (what, detail) => document.dispatchEvent(new CustomEvent(`outbox:${what}`, { detail }));

let last = 0;
let sending = false;

/** Entries `{ref, conversation, content, at, failed}` of one conversation, in the order of writing. */
export const of = (conversation) => all().filter((entry) => entry.conversation === conversation);

export function send(conversation, content) {
  const ref = newRef();
  put({ ref, conversation, content, at: (last = Math.max(Date.now(), last + 1)) });
  return ref;
}

export function retry(ref) {
  const entry = read(key(ref));
  if (!entry) return ref;
  // A ref that carries other text will never be taken.
  const again = entry.failed?.code === "ref_reused" ? newRef() : ref;
  if (again !== ref) drop(ref);
  put({ ...entry, ref: again, failed: undefined });
  return again;
}

export function drop(ref) {
  erase(key(ref));
  tell("dropped", { ref });
}

function put(entry) {
  write(key(entry.ref), entry);
  tell("pending", entry);
  empty();
}

async function empty() {
  if (sending || !connected() || !next()) return;
  sending = true;
  await alone(`outbox:${me}`, async () => {
    for (let entry = next(); entry && connected(); entry = next()) await attempt(entry);
  });
  sending = false;
  // Another tab may have let go of the lock because its own connection was lost.
  if (connected() && next()) empty();
}

async function attempt(entry) {
  try {
    settle(entry.ref, await deliver(entry));
  } catch (refusal) {
    if (!refusal.code) throw refusal;
    if (refusal.code === "unavailable" || refusal.code === "rate_limited") await wait((refusal.retry_after ?? 0) * 1_000 || PAUSE);
    else fail(entry, refusal);
  }
}

function settle(ref, message) {
  erase(key(ref));
  tell("sent", { ref, message });
}

function fail(entry, { code, detail }) {
  if (!read(key(entry.ref))) return;
  write(key(entry.ref), { ...entry, failed: { code, detail } });
  tell("failed", { ref: entry.ref, error: { code, detail } });
}

// The event may come before the answer, or instead of one that was lost.
document.addEventListener("live:message.new", ({ detail: { message } }) => {
  if (message.sender === me && message.ref && read(key(message.ref))) settle(message.ref, message);
});
document.addEventListener("live:state", empty);
window.addEventListener("storage", ({ key: changed, newValue }) => {
  if (!changed?.startsWith(PREFIX)) return;
  const ref = changed.slice(PREFIX.length);
  if (newValue === null) return tell("sent", { ref, message: null });
  const entry = JSON.parse(newValue);
  if (entry.failed) return tell("failed", { ref, error: entry.failed });
  tell("pending", entry);
  // That tab may be closed before it has sent it: this one waits behind it.
  empty();
});
