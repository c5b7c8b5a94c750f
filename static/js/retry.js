// When to connect again: exponential back-off with full jitter, which never gives up.
const FIRST = 100; // ms
const LONGEST = 10_000; // ms
const STEADY_AFTER = 5_000; // ms connected, then a loss counts as the first again
const BLOCKED_AFTER = 4; // attempts in a row without a hello
const FLOOD_PAUSE = 10_000; // ms
const RESTART_JITTER = 300; // ms

export class Retry {
  #connect;
  #failures = 0;
  #timer;
  #steady;

  constructor(connect) {
    this.#connect = connect;
  }

  /** Sockets do not get through: the log can be read over HTTP meanwhile. */
  get blocked() {
    return this.#failures >= BLOCKED_AFTER;
  }

  connected() {
    this.cancel();
    this.#steady = setTimeout(() => (this.#failures = 0), STEADY_AFTER);
  }

  after(code) {
    this.cancel();
    this.#failures += 1;
    const longest = code === 4012 ? RESTART_JITTER : Math.min(LONGEST, FIRST * 2 ** this.#failures);
    this.#timer = setTimeout(this.#connect, code === 4429 ? FLOOD_PAUSE : Math.random() * longest);
  }

  now() {
    this.cancel();
    this.#failures = Math.min(this.#failures, BLOCKED_AFTER);
    this.#connect();
  }

  cancel() {
    clearTimeout(this.#timer);
    clearTimeout(this.#steady);
  }
}
