// Toasts: what happened elsewhere, with a link to it.
const MOST = 3;
const FOR = 8_000; // ms
const LONGEST = 140; // characters of a message

const me = Number(document.body.dataset.user);
const place = document.querySelector("[data-toasts]");
const template = document.querySelector("[data-toast-template]");

function show({ shown, about, address, title, text = "" }) {
  if (shown) return;
  dismiss((toast) => toast.dataset.about === about);
  const toast = template.content.firstElementChild.cloneNode(true);
  const part = (name) => toast.querySelector(`[data-toast-${name}]`);
  toast.dataset.about = about;
  part("picture").remove();
  part("link").href = address;
  part("title").textContent = title;
  part("text").textContent = text.slice(0, LONGEST);
  part("close").addEventListener("click", () => toast.remove());
  place.append(toast);
  while (place.children.length > MOST) place.firstElementChild.remove();
  leave(toast);
}

/** Goes by itself, but not under somebody's hand, and not while nobody looks. */
function leave(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within") || document.visibilityState !== "visible") leave(toast);
    else toast.remove();
  }, FOR);
}

function dismiss(gone) {
  for (const toast of [...place.children]) if (gone(toast)) toast.remove();
}

document.addEventListener("news", ({ detail }) => show(detail));
document.addEventListener("live:message.read", ({ detail: { reader, conversation, unread } }) => {
  if (reader === me && unread === 0) dismiss((toast) => toast.dataset.about === `/chat/conversation/${conversation}/`);
});
document.addEventListener("live:notification.read", ({ detail: { notification } }) => {
  dismiss(({ dataset: { about } }) => about.startsWith("notification:") && Number(about.split(":")[1]) <= notification);
});
