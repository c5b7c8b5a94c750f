// What every page has.
import "./copies.js";
import "./csrf.js";
import "./forms.js";
import "./keys.js";
import "./language.js";
import "./previews.js";
import "./prices.js";
import "./suggest.js";
import "./swap.js";
import "./times.js";
import "./uploads.js";
