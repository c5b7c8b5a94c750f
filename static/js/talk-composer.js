// The composer: Enter sends, Shift+Enter breaks the line, what was not sent waits for the next visit.
import { send } from "./outbox.js";
import { erase, read, write } from "./store.js";
import { me, past, talk } from "./talk-lines.js";
import { stop, type } from "./talk-typing.js";
import { word } from "./words.js";

const form = document.querySelector("[data-composer]");
const input = form.elements.content;
const error = document.querySelector("#composer-error");
const draft = `draft:${me}:${talk}`;
const mouse = !matchMedia("(pointer: coarse)").matches;
const grows = CSS.supports("field-sizing", "content");

function fit() {
  if (grows) return;
  input.style.blockSize = "auto";
  input.style.blockSize = `${input.scrollHeight}px`;
}

/** Whether it may go; what is too long says by how much. */
function fits() {
  const over = [...input.value.normalize("NFC")].length - Number(input.dataset.limit);
  say(over > 0 ? word("too-long", { over: over.toLocaleString(document.documentElement.lang) }) : "");
  return over <= 0;
}

function say(wrong) {
  error.textContent = wrong;
  input.ariaInvalid = wrong ? "true" : null;
}

function keep() {
  if (input.value) write(draft, input.value);
  else erase(draft);
}

form.addEventListener("submit", (event) => {
  // The form itself leads back to the present.
  if (past) return erase(draft);
  event.preventDefault();
  if (!input.value.trim() || !fits()) return;
  send(talk, input.value);
  input.value = "";
  keep();
  fit();
  stop();
  say("");
  input.focus();
});

input.addEventListener("input", () => {
  say("");
  keep();
  fit();
  if (input.value) type();
});

input.addEventListener("keydown", (event) => {
  // 229: Safari ends an input method's composition before the key that ended it.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") input.blur();
  // On a phone's keyboard Enter is the only way to break a line, and the button is at hand.
  if (event.key !== "Enter" || event.shiftKey || !mouse) return;
  event.preventDefault();
  form.requestSubmit();
});

if (!input.value) input.value = read(draft) ?? "";
fit();
if (mouse && document.activeElement === document.body) input.focus({ preventScroll: true });
