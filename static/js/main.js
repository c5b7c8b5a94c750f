// The entry: what every page has, and the live part for a trader who is logged in.
import "./copies.js";
import "./csrf.js";
import "./forms.js";
import "./keys.js";
import "./previews.js";
import "./prices.js";
import "./swap.js";
import "./times.js";

if (document.body.dataset.user) await import("./trader.js");
