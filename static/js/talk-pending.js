// One's own messages on their way: drawn at once, with what became of them.
import { drop, of, retry } from "./outbox.js";
import { find, list, me, past, remove, setText, setTime, settle, talk } from "./talk-lines.js";
import { parts, pattern } from "./talk-patterns.js";
import { toEnd } from "./talk-scroll.js";

const PATIENCE = 5_000; // ms for the event of a message that is saved

const bubble = (ref) => list.querySelector(`[data-ref="${CSS.escape(ref)}"]`);

function draw({ ref, content, at, failed }) {
  const item = pattern("own");
  delete item.dataset.message;
  item.dataset.ref = ref;
  setText(item, content);
  setTime(item, new Date(at));
  const old = bubble(ref);
  if (old) old.replaceWith(item);
  else list.append(item);
  settle(item);
  if (failed) return fail(item, failed);
  item.setAttribute("data-pending", "");
  item.querySelector(".ticks").replaceChildren(parts("sending"));
}

function fail(item, { detail }) {
  if (item.matches("[data-failed]")) return;
  item.removeAttribute("data-pending");
  item.setAttribute("data-failed", "");
  item.querySelector(".ticks").replaceChildren();
  item.querySelector(".bubble__meta").append(parts("failed"));
  if (detail) item.querySelector("[data-why]").textContent = detail;
}

function save(item, message) {
  if (message && find(message.id)) return remove(item);
  item.removeAttribute("data-pending");
  item.querySelector(".ticks").replaceChildren(...pattern("own").querySelector(".ticks").children);
  // After a reload the message may stand among the others already, and its event is of the past.
  setTimeout(() => item.isConnected && remove(item), PATIENCE);
}

/** The message is in the talk now: what stood for it goes. */
export function replace({ ref, sender }) {
  const item = ref && sender === me && bubble(ref);
  if (item) remove(item);
}

document.addEventListener("outbox:pending", ({ detail }) => {
  if (detail.conversation !== talk || past) return;
  draw(detail);
  toEnd();
});
document.addEventListener("outbox:sent", ({ detail: { ref, message } }) => bubble(ref) && save(bubble(ref), message));
document.addEventListener("outbox:failed", ({ detail: { ref, error } }) => bubble(ref) && fail(bubble(ref), error));
document.addEventListener("outbox:dropped", ({ detail: { ref } }) => bubble(ref) && remove(bubble(ref)));
list.addEventListener("click", ({ target }) => {
  const ref = target.closest("[data-ref]")?.dataset.ref;
  if (target.closest("[data-again]")) retry(ref);
  if (target.closest("[data-drop]")) drop(ref);
});
if (!past) of(talk).forEach(draw);
