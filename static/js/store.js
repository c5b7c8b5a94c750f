// What the browser remembers; where it refuses to (private windows, a full disk), memory must do.
const memory = new Map();

function attempt(access, otherwise) {
  try {
    return access(localStorage);
  } catch (refusal) {
    if (!(refusal instanceof DOMException)) throw refusal;
    return otherwise();
  }
}

export const read = (key) => {
  const text = memory.get(key) ?? attempt((storage) => storage.getItem(key), () => null);
  return text === null ? null : JSON.parse(text);
};

export const write = (key, value) => {
  const text = JSON.stringify(value);
  attempt(
    (storage) => {
      storage.setItem(key, text);
      memory.delete(key);
    },
    () => memory.set(key, text),
  );
};

export const erase = (key) => {
  memory.delete(key);
  attempt((storage) => storage.removeItem(key), () => {});
};

export const keys = (prefix) => {
  const stored = attempt((storage) => Object.keys(storage), () => []);
  return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
};
