// Asks the server for pieces of a page.

/** `names` are regions; the answer is the whole page or only these pieces, with the head that it was drawn at. */
export async function fragment(address, names, signal) {
  const response = await fetch(address, { headers: { "X-Fragment": names.join(" ") }, cache: "no-store", signal });
  return {
    ok: response.ok,
    status: response.status,
    moved: response.redirected,
    head: Number(response.headers.get("X-Live-Head") ?? Infinity),
    page: new DOMParser().parseFromString(await response.text(), "text/html"),
  };
}
