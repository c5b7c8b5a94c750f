// The tab's one connection to the live feed, and the only module that knows the socket.
import { Answers } from "./answers.js";
import { Cursor } from "./cursor.js";
import { Heart } from "./heart.js";
import { Polling, ask } from "./polling.js";
import { newRef } from "./ref.js";

const FIRST_DELAY = 100; // ms
const LONGEST_DELAY = 10_000; // ms
const HELLO_WITHIN = 10_000; // ms
const STEADY_AFTER = 5_000; // ms open, then a loss counts as the first again
const BLOCKED_AFTER = 4; // attempts in a row without a hello
const FLOOD_PAUSE = 10_000; // ms
const RESTART_JITTER = 300; // ms

const me = Number(document.body.dataset.user);

class Live {
  state = "connecting";
  #cursor = new Cursor(Number(document.body.dataset.liveHead));
  #answers = new Answers();
  #heart = new Heart({
    send: () => this.send({ type: "ping", seq: this.#received }),
    died: () => this.#lose(),
    applied: () => this.#cursor.applied,
  });
  #polling = new Polling(this.#cursor, { heard: (status) => this.#heard(status), reset: () => this.#reset() });
  #socket = null;
  #received = 0; // the highest number that this socket brought
  #farewell = 0;
  #failures = 0;
  #retry;
  #patience;
  #steady;
  #over = false;

  get applied() {
    return this.#cursor.applied;
  }

  connect() {
    clearTimeout(this.#retry);
    if (this.#socket || this.#over) return;
    const address = new URL(`/ws/?after=${this.applied}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#received = this.applied;
    this.#farewell = 0;
    socket.addEventListener("message", ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => socket === this.#socket && this.#lose(this.#farewell || code));
    this.#patience = setTimeout(() => this.#lose(), HELLO_WITHIN);
  }

  /** At once, whatever the back-off says: the network is back, or somebody looks at the tab. */
  wake() {
    if (this.state === "open") return this.#heart.probe();
    if (this.#socket) return;
    this.#failures = Math.min(this.#failures, BLOCKED_AFTER);
    this.connect();
  }

  pause() {
    this.#drop();
    this.#polling.stop();
    clearTimeout(this.#retry);
    this.#become("lost");
  }

  interrupt() {
    this.#lose();
  }

  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  command(type, { ref = newRef(), ...fields }) {
    if (this.state !== "open") return Promise.reject({ type: "error", ref, code: "unavailable" });
    const answer = this.#answers.to(ref);
    this.send({ type, ref, ...fields });
    return answer;
  }

  #receive(frame) {
    if (frame.type === "hello") return this.#greet(frame);
    if (frame.type === "ok" || frame.type === "error") return this.#answers.settle(frame);
    if (frame.type === "pong") return this.#heart.pong(frame);
    if (frame.type === "reset") return this.#reset();
    if (frame.type === "bye") return void (this.#farewell = frame.code);
    if (!this.#cursor.apply(frame)) return this.#lose();
    if (frame.seq === undefined) return;
    this.#received = Math.max(this.#received, frame.seq);
    this.#heart.event();
  }

  #greet({ user }) {
    clearTimeout(this.#patience);
    if (user !== me) return this.#reset();
    this.#polling.stop();
    this.#steady = setTimeout(() => (this.#failures = 0), STEADY_AFTER);
    this.#heart.start();
    this.#become("open");
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#patience);
    clearTimeout(this.#steady);
    this.#heart.stop();
    socket?.close();
    this.#answers.abandon();
  }

  #lose(code = 0) {
    this.#drop();
    if (this.state !== "polling") this.#become("lost");
    this.#failures += 1;
    if (code === 4401) return this.#askWhetherOut();
    if (code === 4403) return this.#end("banned");
    // The trader has too many tabs: this one reads over HTTP until somebody looks at it again.
    if (code === 4409) return this.#polling.start();
    if (this.#failures >= BLOCKED_AFTER) this.#polling.start();
    const longest = code === 4012 ? RESTART_JITTER : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
    this.#again(code === 4429 ? FLOOD_PAUSE : Math.random() * longest);
  }

  #again(delay) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), delay);
  }

  /** One's own password change ends the socket but not the session. */
  async #askWhetherOut() {
    const status = await ask(this.applied).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 403) this.#end("out");
    else this.#again(Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures));
  }

  #heard(status) {
    if (status === 403) this.#end("out");
    else if (this.state !== "open") this.#become(status === 200 ? "polling" : "lost");
  }

  #end(state) {
    this.#over = true;
    this.#polling.stop();
    this.#drop();
    this.#become(state);
  }

  #reset() {
    this.#end("lost");
    document.dispatchEvent(new CustomEvent("live:reset"));
    location.reload();
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    document.dispatchEvent(new CustomEvent("live:state", { detail: { state } }));
  }
}

const live = new Live();

export const applied = () => live.applied;
export const state = () => live.state;

/** The `ok` frame; rejects with the `error` frame, `unavailable` where it is not known whether anything was saved. */
export const command = (type, fields = {}) => live.command(type, fields);

/** Something that wants no answer and is worth nothing later: typing. */
export const signal = (type, fields = {}) => live.send({ type, ...fields });

/** Called when every module of the page listens: nothing that comes after the page's head may pass them by. */
export function start() {
  live.connect();
  window.addEventListener("online", () => live.wake());
  window.addEventListener("offline", () => live.interrupt());
  window.addEventListener("pagehide", () => live.pause());
  window.addEventListener("pageshow", ({ persisted }) => persisted && live.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && live.wake());
}
