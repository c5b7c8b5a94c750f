// What only a logged-in trader's page has: the live feed and all that reads it.
import "./attention.js";
import "./bell.js";
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

// By then every module of the page has run, so the first frames find every listener in its place.
document.addEventListener("DOMContentLoaded", start);
