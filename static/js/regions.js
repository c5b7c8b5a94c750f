// Pieces of the page that are drawn anew by the server when a frame says that they have changed.
import { adopt } from "./adopt.js";
import { fragment } from "./fragment.js";
import { applied } from "./live.js";

const QUIET = 50; // ms that frames are gathered for
const AGAIN = 3_000; // ms after a failure
const CALM = 400; // ms
const LOGGED = ["message.new", "message.read", "deal.changed", "notification.new", "notification.read"];

/** One address, asked once at a time for all its pieces that are out of date. */
class Source {
  #address;
  #stale = new Set();
  #timer;
  #asking = false;

  constructor(address) {
    this.#address = address;
  }

  expire(name) {
    this.#stale.add(name);
    if (!this.#asking) this.#schedule(QUIET);
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    const names = [...this.#stale];
    this.#stale.clear();
    this.#asking = true;
    const settled = await this.#draw(names);
    this.#asking = false;
    if (!settled) names.forEach((name) => this.#stale.add(name));
    if (this.#stale.size) this.#schedule(settled ? QUIET : AGAIN);
  }

  async #draw(names) {
    const answer = await fragment(this.#address || here(), names).catch((failure) => {
      if (!(failure instanceof TypeError)) throw failure;
    });
    if (!answer || answer.status === 429 || answer.status >= 500) return false;
    if (answer.moved) return true;
    if (!answer.ok) return this.#gone();
    adopt(answer.page, names, answer.head);
    if (answer.head < applied()) names.forEach((name) => this.#stale.add(name));
    return true;
  }

  /** The page is not there any more, or not for this trader: the server says it better. */
  #gone() {
    if (!this.#address) location.replace(here());
    return true;
  }
}

const sources = new Map();
const here = () => location.pathname + location.search;

/** Draw this region (an element with data-region) anew. */
export function refresh(region) {
  // A card that moved away under the pointer would make somebody press its neighbour.
  if (region.matches("[data-calm]:hover")) return void setTimeout(() => region.isConnected && refresh(region), CALM);
  const address = region.dataset.src ?? "";
  if (!sources.has(address)) sources.set(address, new Source(address));
  sources.get(address).expire(region.dataset.region);
}

function concerns({ dataset: { ifDeal, ifListing } }, { deal, listing }) {
  if (ifDeal === undefined && ifListing === undefined) return true;
  return Number(ifDeal) === deal?.id || Number(ifListing) === (listing?.id ?? deal?.listing);
}

for (const type of LOGGED) {
  document.addEventListener(`live:${type}`, ({ detail }) => {
    for (const region of document.querySelectorAll(`[data-region][data-refresh~="${type}"]`)) {
      if (concerns(region, detail)) refresh(region);
    }
  });
}
