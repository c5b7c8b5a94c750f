// Pieces that the server drew empty, for scripts to fill: one file makes a line of the talk either way.
export const pattern = (name, kind = "pattern") =>
  document.querySelector(`template[data-${kind}="${CSS.escape(name)}"]`).content.firstElementChild.cloneNode(true);

/** Which pattern a message is drawn by, for this reader. */
export const patternOf = ({ kind, content, sender }, me) => (kind === "deal" ? content : sender === me ? "own" : "other");

export const parts = (name) => document.querySelector(`template[data-pattern="${name}"]`).content.cloneNode(true);

/** As templates write it: whole seconds, UTC. */
export const stamp = (moment) => moment.toISOString().replace(/\.\d+/, "");
