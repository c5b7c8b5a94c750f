// What only a logged-in trader's page has: the live feed and all that reads it.
import "./attention.js";
import "./connection.js";
import "./counters.js";
import "./listings.js";
import "./outbox.js";
import "./presence.js";
import "./regions.js";
import "./sound.js";
import "./toasts.js";
import "./watch.js";
import { start } from "./live.js";

const load = {
  "[data-composer]": () => import("./talk.js"),
  "[data-conversations]": () => import("./talks.js"),
};
const wanted = Object.keys(load).filter((selector) => document.querySelector(selector));

// The first frames must find every listener in its place; a module that fails must not keep the rest from the feed.
await Promise.allSettled(wanted.map((selector) => load[selector]()));
start();
