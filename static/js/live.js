// The tab's one connection to the live feed, and the only module that knows the socket.
import { Answers } from "./answers.js";
import { Cursor } from "./cursor.js";
import { Heart } from "./heart.js";
import { Polling, ask } from "./polling.js";
import { newRef } from "./ref.js";
import { Retry } from "./retry.js";

const HELLO_WITHIN = 10_000; // ms
const OLD_ENOUGH = 2_000; // ms; a page that must go at once again would hammer the server
const me = Number(document.body.dataset.user);

class Live {
  state = "connecting";
  #cursor = new Cursor(Number(document.body.dataset.liveHead));
  #answers = new Answers();
  #heart = new Heart({
    send: () => this.send({ type: "ping", seq: this.#received }),
    died: () => this.lose(),
    applied: () => this.applied,
  });
  #polling = new Polling(this.#cursor, { heard: (status) => this.#heard(status), reset: () => this.#reset() });
  #retry = new Retry(() => this.connect());
  #socket = null;
  #received = 0; // the highest number that this socket brought
  #farewell = 0; // the code of its `bye`
  #patience;
  #over = false;

  get applied() {
    return this.#cursor.applied;
  }

  connect() {
    if (this.#socket || this.#over) return;
    const address = new URL(`/ws/?after=${this.applied}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#received = this.applied;
    this.#farewell = 0;
    socket.addEventListener("message", ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => socket === this.#socket && this.lose(this.#farewell || code));
    this.#patience = setTimeout(() => this.lose(), HELLO_WITHIN);
  }

  /** At once, whatever the back-off says: the network is back, or somebody looks at the tab. */
  wake() {
    if (this.state === "open") this.#heart.probe();
    else if (!this.#socket) this.#retry.now();
  }

  pause() {
    this.#drop();
    this.#polling.stop();
    this.#retry.cancel();
    this.#become("lost");
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

  lose(code = 0) {
    this.#drop();
    if (this.state !== "polling") this.#become("lost");
    if (code === 4401) this.#askWhetherOut();
    else if (code === 4403) this.#end("banned");
    // The trader has too many tabs: this one reads over HTTP until somebody looks at it again.
    else if (code === 4409) this.#polling.start();
    else this.#again(code);
  }

  #receive(frame) {
    const own = {
      hello: () => this.#greet(frame),
      ok: () => this.#answers.settle(frame),
      error: () => this.#answers.settle(frame),
      pong: () => this.#heart.pong(frame),
      reset: () => this.#reset(),
      bye: () => (this.#farewell = frame.code),
    }[frame.type];
    if (own) return own();
    if (!this.#cursor.apply(frame)) return this.lose();
    if (frame.seq === undefined) return;
    this.#received = Math.max(this.#received, frame.seq);
    this.#heart.event();
  }

  #greet({ user }) {
    clearTimeout(this.#patience);
    if (user !== me) return this.#reset();
    this.#polling.stop();
    this.#retry.connected();
    this.#heart.start();
    this.#become("open");
  }

  #again(code) {
    if (this.#over) return;
    this.#retry.after(code);
    if (this.#retry.blocked) this.#polling.start();
  }

  /** One's own password change ends the socket but not the session. */
  async #askWhetherOut() {
    const answer = await ask(this.applied).catch(() => null);
    if (answer?.status === 403) this.#end("out");
    else this.#again(4401);
  }

  #heard(status) {
    if (status === 403) this.#end("out");
    else if (this.state !== "open") this.#become(status === 200 ? "polling" : "lost");
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#patience);
    this.#heart.stop();
    socket?.close();
    this.#answers.abandon();
  }

  #end(state) {
    this.#over = true;
    this.#polling.stop();
    this.#retry.cancel();
    this.#drop();
    this.#become(state);
  }

  #reset() {
    this.#end("lost");
    document.dispatchEvent(new CustomEvent("live:reset"));
    setTimeout(() => location.reload(), OLD_ENOUGH - performance.now());
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
  window.addEventListener("offline", () => live.lose());
  window.addEventListener("pagehide", () => live.pause());
  window.addEventListener("pageshow", ({ persisted }) => persisted && live.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && live.wake());
}
