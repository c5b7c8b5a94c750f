// The tab's title, with the number of unread messages before it.
const mark = /^\(\d+\) /;
let count = 0;

export function setTitle(text) {
  document.title = (count ? `(${count}) ` : "") + text.replace(mark, "");
}

export function setCount(unread) {
  count = unread;
  setTitle(document.title);
}
