// A chosen picture is shown at once, and one that is too large is refused before it is sent.
import { word } from "./words.js";

const LARGEST = 8 * 1024 * 1024; // bytes
const WIDTH = 480; // of the drawn preview, in pixels
const TYPES = ["image/jpeg", "image/png", "image/webp"];

const problem = ({ size, type }) => {
  if (!TYPES.includes(type)) return word("picture-type");
  return size > LARGEST ? word("picture-size") : "";
};

// Drawn, not loaded from a blob: address, which the site's rules for pictures would have to allow.
async function show(canvas, input, file) {
  canvas.hidden = true;
  const picture = file && input.validity.valid && (await createImageBitmap(file, { resizeWidth: WIDTH }).catch(() => null));
  if (!picture || input.files[0] !== file) return;
  Object.assign(canvas, { width: picture.width, height: picture.height, hidden: false });
  canvas.getContext("2d").drawImage(picture, 0, 0);
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]")) return;
  const [file] = target.files;
  target.setCustomValidity(file ? problem(file) : "");
  target.reportValidity();
  const name = target.parentElement.querySelector("[data-file]");
  if (name) {
    name.dataset.file ||= name.textContent;
    name.textContent = file?.name ?? name.dataset.file;
  }
  const canvas = target.form?.querySelector("canvas[data-preview]");
  if (canvas) show(canvas, target, file);
});
