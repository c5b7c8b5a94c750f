// Puts a piece that the server drew in the place of the old one; what a person was doing there goes on.
import { localise } from "./times.js";

const GLOW = 1_200; // ms
const STATES = { deal: "dealStatus", listing: "listingStatus" };
const still = matchMedia("(prefers-reduced-motion: reduce)");
const heads = new WeakMap();
const pageHead = Number(document.body.dataset.liveHead ?? 0); // the cursor moves the attribute on

/** The number up to which the piece round `element` already knows the log: older frames change nothing there. */
export function headOf(element) {
  const region = element.closest("[data-region]");
  return Math.max(pageHead, region ? (heads.get(region) ?? 0) : 0);
}

/** Replaces every region of these names by its twin in `page`; false where the page has none of them. */
export function adopt(page, names, head) {
  const found = names.map((name) => {
    const selector = `[data-region="${CSS.escape(name)}"]`;
    const fresh = page.querySelectorAll(selector);
    [...document.querySelectorAll(selector)].slice(0, fresh.length).forEach((old, n) => replace(old, fresh[n], head));
    return fresh.length > 0;
  });
  return found.includes(true);
}

function replace(old, drawn, head) {
  const fresh = document.adoptNode(drawn);
  localise(fresh);
  if (old.isEqualNode(fresh)) {
    heads.set(old, head);
    return;
  }
  carry(old, fresh);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const popovers = [...old.querySelectorAll("[popover][id]:popover-open")].map(({ id }) => id);
  const { scrollTop } = old;
  old.replaceWith(fresh);
  heads.set(fresh, head);
  fresh.scrollTop = scrollTop;
  glow(old, fresh);
  for (const id of popovers) document.getElementById(id)?.showPopover();
  if (focused) twin(fresh, focused)?.focus({ preventScroll: true });
  fresh.dispatchEvent(new CustomEvent("region:replaced", { bubbles: true }));
}

/** A deal or a listing whose state changed under one's eyes. */
function glow(old, fresh) {
  if (still.matches) return;
  for (const [name, state] of Object.entries(STATES)) {
    for (const element of fresh.querySelectorAll(`[data-${name}]`)) {
      const before = old.querySelector(`[data-${name}="${element.dataset[name]}"]`);
      if (!before || before.dataset[state] === element.dataset[state]) continue;
      element.animate([{ backgroundColor: "var(--act-soft)", boxShadow: "0 0 0 6px var(--act-soft)" }, {}], GLOW);
    }
  }
}

/** What was typed and not sent yet, and which details are open. */
function carry(old, fresh) {
  for (const field of old.querySelectorAll("input[name]:not([type=hidden], [type=file]), textarea[name]")) {
    const next = twin(fresh, field);
    if (!next) continue;
    if (field.checked !== field.defaultChecked) next.checked = field.checked;
    else if (field.value !== field.defaultValue) next.value = field.value;
  }
  for (const details of old.querySelectorAll("details[open]")) twin(fresh, details)?.setAttribute("open", "");
}

function twin(fresh, element) {
  const same = (name) => {
    const value = element.getAttribute(name);
    return value && `${element.localName}[${name}="${CSS.escape(value)}"]`;
  };
  if (element.id) return fresh.querySelector(`#${CSS.escape(element.id)}`);
  if (element.type === "radio") return fresh.querySelector(`${same("name")}[value="${CSS.escape(element.value)}"]`);
  const selector = same("name") ?? same("href");
  return selector ? fresh.querySelector(selector) : null;
}
