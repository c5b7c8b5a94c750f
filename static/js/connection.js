// The line under the header: the connection is lost, and back.
import { word } from "./words.js";

const LOST_AFTER = 1_500; // ms; a worker's restart is shorter and nobody's business
const BACK_FOR = 2_500; // ms

const line = document.querySelector("[data-connection]");
let timer;

const show = (state) => (line.dataset.state = state);

function lost() {
  if (line.dataset.state === "lost") return;
  clearTimeout(timer);
  timer = setTimeout(show, LOST_AFTER, "lost");
}

function back() {
  clearTimeout(timer);
  if (line.dataset.state !== "lost") return show("");
  show("back");
  timer = setTimeout(show, BACK_FOR, "");
}

function over(state) {
  clearTimeout(timer);
  line.querySelector("[data-connection-over]").textContent = word(`connection-${state}`);
  show("over");
}

document.addEventListener("live:state", ({ detail: { state } }) => {
  line.dataset.live = state;
  if (state === "open" || state === "polling") back();
  else if (state === "lost") lost();
  else over(state);
});
