// The other language opens where the reader is now: filters have moved the address since the page was made.
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-language]")) target.elements.next.value = location.pathname + location.search;
});
