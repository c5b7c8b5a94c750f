// A form with a picture is sent from here: its way is seen, and the picture stays chosen when another field is wrong.
import { release } from "./forms.js";
import { localise } from "./times.js";
import { word } from "./words.js";

const chosen = (form) => [...form.querySelectorAll("input[type=file]")].filter(({ files }) => files.length);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.enctype !== "multipart/form-data" || !chosen(form).length) return;
  event.preventDefault();
  const request = new XMLHttpRequest(); // fetch says nothing of what has gone
  request.open("POST", form.action);
  request.setRequestHeader("X-Onward", "1");
  request.upload.addEventListener("progress", ({ loaded, total }) => advance(form, loaded / total));
  request.addEventListener("load", () => answered(form, request));
  request.addEventListener("error", () => fail(form));
  advance(form, 0);
  request.send(new FormData(form));
});

function advance(form, part) {
  const place = form.querySelector("[data-upload]");
  place.hidden = false;
  place.querySelector("progress").value = part;
  place.querySelector("[role=alert]").textContent = "";
}

function answered(form, request) {
  const onward = request.getResponseHeader("X-Location");
  if (onward) return location.assign(onward);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  if (request.status === 400 && page.querySelector("[data-upload]")) return retry(form, page);
  fail(form, page.querySelector("main h1")?.textContent);
}

/** The same form with what is wrong beside its fields. */
function retry(form, page) {
  const fresh = document.adoptNode(page.querySelector("main"));
  localise(fresh);
  const files = chosen(form);
  document.querySelector("main").replaceWith(fresh);
  for (const { name, files: kept } of files) {
    const field = fresh.querySelector(`input[type=file][name="${name}"]`);
    if (!field || field.ariaInvalid === "true") continue;
    field.files = kept;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  scrollTo(0, 0);
  fresh.focus();
}

function fail(form, why = word("not-sent")) {
  release(form);
  const place = form.querySelector("[data-upload]");
  place.querySelector("progress").value = 0;
  place.querySelector("[role=alert]").textContent = why;
}
