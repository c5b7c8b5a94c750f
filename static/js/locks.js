// One tab at a time.
/** Runs `act` under the lock `name`; without Web Locks (plain http) at once, so it must be safe to do twice. */
export const alone = (name, act) => (navigator.locks ? navigator.locks.request(name, act) : act());
