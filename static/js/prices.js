// Prices are grouped as one types: 12 490,50.
const GROUPS = /\B(?=(\d{3})+$)/g;

function grouped(text) {
  const [whole, ...rest] = text.replace(/[^\d.,]/g, "").split(/[.,]/);
  const kopecks = rest.length ? `,${rest.join("").slice(0, 2)}` : "";
  return whole.replace(GROUPS, "\u00a0") + kopecks;
}

const significant = (text) => text.replace(/[^\d.,]/g, "").length;

document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[data-price]")) return;
  let left = significant(target.value.slice(0, target.selectionStart));
  const text = grouped(target.value);
  if (text === target.value) return;
  target.value = text;
  let caret = 0;
  while (left > 0 && caret < text.length) if (significant(text[caret++])) left -= 1;
  target.setSelectionRange(caret, caret);
});
