// A chosen picture is shown at once, and one that is too large is refused before it is sent.
import { word } from "./words.js";

const LARGEST = 8 * 1024 * 1024; // bytes
const TYPES = ["image/jpeg", "image/png", "image/webp"];

const problem = ({ size, type }) => {
  if (!TYPES.includes(type)) return word("picture-type");
  return size > LARGEST ? word("picture-size") : "";
};

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]")) return;
  const [file] = target.files;
  target.setCustomValidity(file ? problem(file) : "");
  target.reportValidity();
  const image = target.form?.querySelector("img[data-preview]");
  if (!image) return;
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  image.hidden = !file || !target.validity.valid;
  if (!image.hidden) image.src = URL.createObjectURL(file);
  else image.removeAttribute("src");
});
