// Listings on the page: their state as deals and sellers change it.
import { refresh } from "./regions.js";

const CALM = 400; // ms

function draw(element) {
  const region = element.closest("[data-region]");
  if (!region) return;
  // A card that moved away under the pointer would make somebody press its neighbour.
  if (region.matches("[data-calm]:hover")) setTimeout(() => element.isConnected && draw(element), CALM);
  else refresh(region);
}

function change({ id, status, title }) {
  for (const element of document.querySelectorAll(`[data-listing="${id}"]`)) {
    const renamed = element.dataset.listingTitle !== undefined && element.dataset.listingTitle !== title;
    if (element.dataset.listingStatus === status && !renamed) continue;
    element.dataset.listingStatus = status;
    draw(element);
  }
}

document.addEventListener("live:listing.changed", ({ detail }) => change(detail.listing));
document.addEventListener("live:deal.changed", ({ detail }) => change(detail.listing));
