// The open talk: what the log says of it is drawn here, in order.
import "./talk-composer.js";
import { add, drawn, find, list, markUnread, me, past, settleAll, talk } from "./talk-lines.js";
import { begin, trim } from "./talk-history.js";
import { replace } from "./talk-pending.js";
import { hasUnread, isUnread, watch } from "./talk-reading.js";
import { atEnd, miss, show, toEnd } from "./talk-scroll.js";
import { hide } from "./talk-typing.js";

document.addEventListener("live:message.new", ({ detail: { message } }) => {
  if (message.conversation !== talk || past || find(message.id)) return;
  const seen = atEnd() && document.visibilityState === "visible";
  const first = !hasUnread();
  const item = drawn(message);
  replace(message);
  add(item);
  if (message.sender !== me) arrive(item, seen, first);
  if (atEnd()) trim();
});

function arrive(item, seen, first) {
  hide();
  if (!isUnread(item)) return;
  if (first && !seen) markUnread(item);
  watch(item);
  miss();
}

function present() {
  toEnd();
  if (!past) trim();
}

document.querySelector("[data-jump]").addEventListener("click", present);
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !target.closest("input, textarea, [popover], dialog")) present();
});

settleAll();
const unread = list.querySelector(".unread-line");
toEnd();
if (unread) show(unread);
begin();
