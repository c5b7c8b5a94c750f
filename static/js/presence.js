// Who is on the site: the dot on an avatar and the words beside a name.
import { said } from "./times.js";
import { word } from "./words.js";

const seen = new Map();

function write(place, { online, last_seen: last }) {
  if (online) return place.replaceChildren(word("online"));
  if (!last) return place.replaceChildren(word("offline"));
  const time = Object.assign(document.createElement("time"), { dateTime: last });
  time.dataset.time = "ago";
  time.textContent = said(new Date(last), "ago");
  const [before, after] = word("last-seen", { time: "\u0000" }).split("\u0000");
  place.replaceChildren(before, time, after);
}

function draw(root, user) {
  for (const dot of root.querySelectorAll(`[data-presence="${user}"]`)) dot.toggleAttribute("data-online", seen.get(user).online);
  for (const place of root.querySelectorAll(`[data-presence-text="${user}"]`)) write(place, seen.get(user));
}

document.addEventListener("live:presence", ({ detail }) => {
  seen.set(detail.user, detail);
  draw(document, detail.user);
});
