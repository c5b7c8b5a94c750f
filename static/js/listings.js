// Listings on the page: their state as deals and sellers change it.
import { refresh } from "./regions.js";

function change({ id, status, title }) {
  for (const element of document.querySelectorAll(`[data-listing="${id}"]`)) {
    const renamed = element.dataset.listingTitle !== undefined && element.dataset.listingTitle !== title;
    if (element.dataset.listingStatus === status && !renamed) continue;
    element.dataset.listingStatus = status;
    const region = element.closest("[data-region]");
    if (region) refresh(region);
  }
}

document.addEventListener("live:listing.changed", ({ detail }) => change(detail.listing));
document.addEventListener("live:deal.changed", ({ detail }) => change(detail.listing));
