// Links in what people wrote, by the rules of the server's filter; text is always text.
const LINK = /https?:\/\/[^\s<>"'«»“”„`{}|\\^/?#][^\s<>"'«»“”„`{}|\\^]*/gi;
const CLOSING = ".,;:!?…*_~";

/** A sentence's own mark, or a bracket opened before the link, is no part of the address. */
function withoutClosing(address) {
  const opened = (text) => text.split("(").length;
  const closed = (text) => text.split(")").length;
  let end = address;
  while (end && (CLOSING.includes(end.at(-1)) || (end.at(-1) === ")" && closed(end) > opened(end)))) end = end.slice(0, -1);
  return end;
}

/** Leads over the page that says where to: by the message's id and the link's number in it. */
function link(address, message, number) {
  const href = `/chat/leave/${message}/${number}/`;
  const element = Object.assign(document.createElement("a"), { href, rel: "ugc nofollow noopener noreferrer", target: "_blank" });
  element.textContent = address;
  return element;
}

/** The nodes of a text, links among them once the message has its id. */
export function linked(text, message) {
  if (!message) return [text];
  const nodes = [];
  let end = 0;
  let number = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutClosing(match[0]);
    // What stands before an @ looks like the site that it leads to, and is not.
    if (/^https?:\/\/(?:$|[^/?#]*@)/i.test(address)) continue;
    nodes.push(text.slice(end, match.index), link(address, message, number));
    number += 1;
    end = match.index + address.length;
  }
  return [...nodes, text.slice(end)];
}
