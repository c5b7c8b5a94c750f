// What this tab has applied of the trader's log: in order, each once, without a gap.
export class Cursor {
  #applied;

  constructor(head) {
    this.#applied = head;
  }

  get applied() {
    return this.#applied;
  }

  /** Tells the page of a frame; false where something before it is missing. Frames without a number pass. */
  apply(frame) {
    if (frame.seq !== undefined) {
      if (frame.seq <= this.#applied) return true;
      if (frame.seq > this.#applied + 1) return false;
      this.#applied = frame.seq;
    }
    document.dispatchEvent(new CustomEvent(`live:${frame.type}`, { detail: frame }));
    document.body.dataset.liveHead = this.#applied;
    return true;
  }
}
