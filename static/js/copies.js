// Contacts are copied by a press on the button beside them.
import { word } from "./words.js";

const SAID_FOR = 2_000; // ms

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const name = button.querySelector(".visually-hidden");
  if (!name || button.dataset.copied !== undefined) return;
  const before = name.textContent;
  button.dataset.copied = "";
  name.textContent = word("copied");
  setTimeout(() => {
    name.textContent = before;
    delete button.dataset.copied;
  }, SAID_FOR);
});
