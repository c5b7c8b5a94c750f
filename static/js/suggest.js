// What there is for what is being typed into the search: a list under it, to be walked by the arrows.
import { fragment } from "./fragment.js";

const QUIET = 120; // ms without a key
const SHORTEST = 2; // characters

class Suggestions {
  #field;
  #place;
  #timer;
  #asking;

  constructor(field) {
    this.#field = field;
    this.#place = field.parentElement.querySelector("[data-region=suggestions]");
    const manners = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(manners)) field.setAttribute(name, value);
    field.addEventListener("input", () => this.#later());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => this.close());
    field.form.addEventListener("submit", () => this.close());
    // A press would take the focus, and the list away before the click.
    this.#place.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get #options() {
    return [...this.#place.querySelectorAll("[role=option]")];
  }

  #later() {
    this.#forget();
    this.#timer = setTimeout(() => this.#ask(), QUIET);
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask() {
    const typed = this.#field.value.trim();
    if (typed.length < SHORTEST) return this.close();
    const mine = (this.#asking = new AbortController());
    const address = `${this.#field.dataset.suggest}?${new URLSearchParams({ q: typed })}`;
    const answer = await fragment(address, ["suggestions"], mine.signal).catch(() => null);
    if (mine.signal.aborted) return;
    const list = answer?.ok && answer.page.querySelector("[data-region=suggestions] [role=listbox]");
    if (!list || document.activeElement !== this.#field) return this.close();
    this.#place.replaceChildren(document.adoptNode(list));
    this.#field.setAttribute("aria-expanded", "true");
    this.#field.setAttribute("aria-controls", list.id);
    this.#field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const options = this.#options;
    if (!options.length || event.isComposing) return;
    const at = options.findIndex((option) => option.ariaSelected === "true");
    if (event.key === "ArrowDown") this.#choose(options, at + 1);
    else if (event.key === "ArrowUp") this.#choose(options, at < 0 ? options.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) options[at].click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  /** Before the first and after the last lies the field itself. */
  #choose(options, next) {
    options.forEach((option, n) => (option.ariaSelected = String(n === next)));
    const chosen = options[next];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.#field.setAttribute("aria-activedescendant", chosen.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.#forget();
    this.#place.replaceChildren();
    this.#field.setAttribute("aria-expanded", "false");
    for (const name of ["aria-controls", "aria-activedescendant"]) this.#field.removeAttribute(name);
  }
}

for (const field of document.querySelectorAll("[data-suggest]")) new Suggestions(field);
