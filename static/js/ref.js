// A name for a command that no other command has.
export function newRef() {
  // crypto.randomUUID() is missing where the site is served over plain http.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
