// Filters and pages in place: the list changes, the address follows, nothing is loaded anew.
import { adopt } from "./adopt.js";
import { fragment } from "./fragment.js";
import { setTitle } from "./title.js";

let running = null;
let asked = location.href;

async function go(address, names, { push = true, up = false } = {}) {
  // Enter in a field is a change and a submission at once.
  if (running && asked === address) return;
  running?.abort();
  asked = address;
  const mine = (running = new AbortController());
  const regions = () => document.querySelectorAll(names.map((name) => `[data-region="${CSS.escape(name)}"]`).join());
  for (const region of regions()) region.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fragment(address, names, mine.signal);
  } catch (failure) {
    if (!mine.signal.aborted && !(failure instanceof TypeError)) throw failure;
  }
  if (mine.signal.aborted) return;
  running = null;
  // Whatever went wrong, the server's own page says it.
  if (!answer?.ok || answer.moved) return location.assign(address);
  if (push) {
    history.replaceState({ ...history.state, swap: names }, "");
    history.pushState({ swap: names }, "", address);
  }
  for (const region of regions()) region.removeAttribute("aria-busy");
  if (!adopt(answer.page, names, answer.head)) return location.assign(address);
  if (answer.page.title) setTitle(answer.page.title);
  for (const form of document.querySelectorAll("form[data-swap]")) fill(form, new URL(address, location).searchParams);
  if (up) regions()[0]?.scrollIntoView({ block: "start" });
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field === document.activeElement) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.getAll(field.name).includes(field.value);
    else if (field.localName !== "button") field.value = values.get(field.name) ?? (field.options?.[0]?.value || "");
  }
}

function addressOf(form) {
  const address = new URL(form.action);
  const plain = (name, value) => (form.elements[name].matches?.("[data-price]") ? value.replace(/\s/g, "") : value);
  const filled = [...new FormData(form)].filter(([name, value]) => value !== "" && name !== "page");
  address.search = new URLSearchParams(filled.map(([name, value]) => [name, plain(name, value)]));
  return address.href;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  for (const sheet of form.querySelectorAll("[popover]:popover-open")) if (event.submitter) sheet.hidePopover();
  go(addressOf(form), form.dataset.swap.split(" "));
});

document.addEventListener("change", ({ target }) => {
  // Leaving a field after Enter changes nothing more.
  if (target.form?.matches("form[data-swap]") && addressOf(target.form) !== asked) target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap-links] a[href]");
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented || link.target || link.origin !== location.origin) return;
  event.preventDefault();
  const piece = link.closest("[data-swap-links]");
  go(link.href, piece.dataset.swapLinks.split(" "), { up: Boolean(piece.closest("[data-region]")) });
});

window.addEventListener("popstate", ({ state }) => {
  if (state?.swap) go(location.href, state.swap, { push: false });
});
