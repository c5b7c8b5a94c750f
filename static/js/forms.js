// Forms: sent once however often the button is pressed.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
});

/** It did not go, and can be sent again. */
export function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// So it can when one comes back to the page.
window.addEventListener("pageshow", () => [...document.forms].forEach(release));
