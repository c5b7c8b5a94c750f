// Contacts are copied by a press on a button beside them.
import { word } from "./words.js";

const SAID_FOR = 2_000; // ms
const pattern = document.querySelector("template[data-copy-button]");

function offer(root) {
  for (const text of root.querySelectorAll("[data-copy]")) {
    if (!text.nextElementSibling) text.after(pattern.content.cloneNode(true));
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  const name = button.querySelector(".visually-hidden");
  const before = name.textContent;
  name.textContent = word("copied");
  setTimeout(() => (name.textContent = before), SAID_FOR);
}

// Over plain http browsers have no clipboard to give.
if (navigator.clipboard && pattern) {
  offer(document);
  document.addEventListener("region:replaced", ({ target }) => offer(target));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-copy] + button");
    if (button) copy(button);
  });
}
