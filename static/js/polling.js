// The log over plain HTTP, for a tab whose sockets are blocked.
const EVERY = 3_000; // ms
const FULL = 200; // events an answer holds at most

export const ask = (after) =>
  fetch(`/live/events/?after=${after}`, { headers: { Accept: "application/json" }, cache: "no-store" });

export class Polling {
  #cursor;
  #heard;
  #reset;
  #timer;
  #on = false;

  /** `heard(status)` after each turn, 0 where the network failed; `reset()` where the page must be loaded anew. */
  constructor(cursor, { heard, reset }) {
    this.#cursor = cursor;
    this.#heard = heard;
    this.#reset = reset;
  }

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#turn();
  }

  stop() {
    this.#on = false;
    clearTimeout(this.#timer);
  }

  async #turn() {
    let status = 0;
    let more = false;
    try {
      const answer = await ask(this.#cursor.applied);
      status = answer.status;
      if (answer.ok && this.#on) more = this.#apply(await answer.json());
    } catch (error) {
      // A network that fails, or an answer cut short; the next turn asks again.
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      status = 0;
    }
    if (!this.#on) return;
    this.#heard(status);
    if (this.#on) this.#timer = setTimeout(() => this.#turn(), more ? 0 : EVERY);
  }

  #apply({ events, reset }) {
    const whole = !reset && events.every((frame) => this.#cursor.apply(frame));
    if (!whole) this.#reset();
    return whole && events.length >= FULL;
  }
}
