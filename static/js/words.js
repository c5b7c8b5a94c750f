// What scripts say, in the reader's language: the page carries the sentences in a template.
const words = document.querySelector("template[data-words]")?.content;

/** `{name}` in the sentence is replaced by `values.name`. */
export function word(key, values = {}) {
  const sentence = words?.querySelector(`[data-word="${key}"]`)?.textContent ?? "";
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
