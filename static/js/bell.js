// The bell opens its newest in place; without scripts, or in another tab, it is the link to all of them.
import { post } from "./csrf.js";
import { refresh } from "./regions.js";

function begin(link, panel) {
  const list = () => panel.querySelector("[data-region]");
  const isOpen = () => panel.matches(":popover-open");
  // A shut panel asks for nothing, whatever frames say.
  const rest = () => isOpen() || list().removeAttribute("data-refresh");
  let closing = false;

  // Pressing the bell shuts an open panel before the click comes.
  link.addEventListener("pointerdown", () => (closing = isOpen()));

  link.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (elsewhere || link.ariaCurrent) return;
    event.preventDefault();
    if (closing || isOpen()) panel.hidePopover();
    else panel.showPopover();
    closing = false;
  });

  panel.addEventListener("toggle", () => {
    link.ariaExpanded = String(isOpen());
    if (!isOpen()) {
      rest();
      // What was pressed there has been drawn anew since, and cannot give the focus back.
      if (document.activeElement === document.body) link.focus({ preventScroll: true });
      return;
    }
    panel.focus({ preventScroll: true });
    refresh(list());
  });

  panel.addEventListener("region:replaced", rest);
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await post(form.action, new FormData(form)).catch(() => null);
    // Where it did not go, the page says why.
    if (answer?.type === "opaqueredirect") refresh(list());
    else form.submit();
  });

  link.ariaHasPopup = "dialog";
  link.ariaExpanded = "false";
}

const bell = document.querySelector("[data-bell]");
if (bell) begin(bell, document.querySelector("#bell"));
