// In the list of talks the arrow keys go from row to row, from its search field downwards too.
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const list = event.target.closest(".talks__list");
  if (!list || !(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const stops = [list.querySelector("input[type=search]"), ...list.querySelectorAll("[data-conversation] a")];
  const next = stops[stops.indexOf(event.target) + STEPS[event.key]];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
