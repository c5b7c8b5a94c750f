// Pings: they keep the socket, acknowledge what was applied and find out a connection that has died in silence.
const EVERY = 25_000; // ms
const ANSWER_WITHIN = 10_000; // ms
const PROBE_WITHIN = 4_000; // ms, when the tab wakes up
const ACKNOWLEDGE_EVENTS = 50;
const ACKNOWLEDGE_AFTER = 2_000; // ms
const CATCH_UP = 3_500; // ms, a little more than the server's tick

export class Heart {
  #send;
  #died;
  #applied;
  #beat;
  #acknowledgement;
  #silence;
  #doubt;
  #news = 0;

  /** `send()` pings, `died()` gives the socket up, `applied()` is the last number applied. */
  constructor({ send, died, applied }) {
    this.#send = send;
    this.#died = died;
    this.#applied = applied;
  }

  start() {
    this.stop();
    this.#beat = setInterval(() => this.ping(), EVERY);
  }

  stop() {
    clearInterval(this.#beat);
    for (const timer of [this.#acknowledgement, this.#silence, this.#doubt]) clearTimeout(timer);
    this.#acknowledgement = this.#silence = this.#doubt = undefined;
    this.#news = 0;
  }

  ping(within = ANSWER_WITHIN) {
    clearTimeout(this.#acknowledgement);
    this.#acknowledgement = undefined;
    this.#news = 0;
    this.#send();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(this.#died, within);
  }

  probe() {
    this.ping(PROBE_WITHIN);
  }

  event() {
    this.#news += 1;
    if (this.#news >= ACKNOWLEDGE_EVENTS) this.ping();
    else this.#acknowledgement ??= setTimeout(() => this.ping(), ACKNOWLEDGE_AFTER);
  }

  pong({ head }) {
    clearTimeout(this.#silence);
    clearTimeout(this.#doubt);
    if (head <= this.#applied()) return;
    // What was committed a moment ago may still be on its way.
    this.#doubt = setTimeout(() => head > this.#applied() && this.#died(), CATCH_UP);
  }
}
