// The tab's title, with the number of unread messages before it, and its icon, with a dot where there are any.
const mark = /^\(\d+\) /;
const icon = document.querySelector("link[data-with-news]");
const plain = icon?.href;
let count = 0;

export function setTitle(text) {
  document.title = (count ? `(${count}) ` : "") + text.replace(mark, "");
}

export function setCount(unread) {
  count = unread;
  if (icon) icon.href = count ? icon.dataset.withNews : plain;
  setTitle(document.title);
}
