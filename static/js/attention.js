// What is worth a toast and a sound: news that this tab does not show already.
const me = Number(document.body.dataset.user);
const watching = () => document.visibilityState === "visible";

const onScreen = (address) => {
  const path = new URL(address, location).pathname;
  // The deal's panel stands beside the talk too.
  const deal = path.match(/^\/transactions\/(?:[a-z-]+\/)?(\d+)\/$/)?.[1];
  return path === location.pathname || Boolean(deal && document.querySelector(`[data-deal="${deal}"]`));
};

const bellIsShown = () => location.pathname === "/notifications/" || document.querySelector("#bell:popover-open") !== null;

const tell = (news) => document.dispatchEvent(new CustomEvent("news", { detail: news }));

document.addEventListener("live:message.new", ({ detail: { seq, message } }) => {
  if (message.kind !== "text" || message.sender === me) return;
  const shown = watching() && document.querySelector(`[data-conversation-open="${message.conversation}"]`) !== null;
  const address = `/chat/conversation/${message.conversation}/`;
  tell({ seq, shown, about: address, address, title: message.sender_username, text: message.content });
});

document.addEventListener("live:notification.new", ({ detail: { seq, notification } }) => {
  if (notification.is_read) return;
  const shown = watching() && (onScreen(notification.url) || bellIsShown());
  tell({ seq, shown, about: `notification:${notification.id}`, address: notification.url, title: notification.text });
});
