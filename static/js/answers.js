// Commands that wait for their answer, by ref.
const PATIENCE = 10_000; // ms

export class Answers {
  #waiting = new Map();

  /** The `ok` frame; rejects with the `error` frame, with code `unavailable` where no answer came. */
  to(ref) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle({ type: "error", ref, code: "unavailable" }), PATIENCE);
      this.#waiting.set(ref, { resolve, reject, timer });
    });
  }

  settle(frame) {
    const waiting = this.#waiting.get(frame.ref);
    if (!waiting) return;
    this.#waiting.delete(frame.ref);
    clearTimeout(waiting.timer);
    if (frame.type === "ok") waiting.resolve(frame);
    else waiting.reject(frame);
  }

  abandon() {
    for (const ref of [...this.#waiting.keys()]) this.settle({ type: "error", ref, code: "unavailable" });
  }
}
