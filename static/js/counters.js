// The header's counters: unread messages, the bell, and the same number in the tab's title.
import { setCount } from "./title.js";

const me = Number(document.body.dataset.user);

class Counter {
  #names;
  #value;
  #changed;

  /** `names`: the data attributes, first the one that the page's own number is read from. */
  constructor(names, changed = () => {}) {
    this.#names = names;
    this.#value = Number(document.querySelector(`[data-${names[0]}]`)?.getAttribute(`data-${names[0]}`) ?? 0);
    this.#changed = changed;
    changed(this.#value);
  }

  get value() {
    return this.#value;
  }

  set value(count) {
    this.#value = Math.max(0, count);
    for (const name of this.#names) {
      for (const badge of document.querySelectorAll(`[data-${name}]`)) {
        badge.setAttribute(`data-${name}`, this.#value);
        badge.textContent = this.#value;
      }
    }
    this.#changed(this.#value);
  }
}

const unread = new Counter(["unread-total", "tab-unread"], setCount);
const bell = new Counter(["notifications-unread"]);

document.addEventListener("live:message.new", ({ detail: { message } }) => {
  if (message.kind === "text" && message.sender !== me) unread.value += 1;
});
document.addEventListener("live:message.read", ({ detail: { reader, count } }) => {
  if (reader === me) unread.value -= count;
});
document.addEventListener("live:notification.new", ({ detail: { notification } }) => {
  if (!notification.is_read) bell.value += 1;
});
document.addEventListener("live:notification.read", ({ detail }) => {
  bell.value = detail.unread;
});
