// The only module that knows the CSRF token.
const cookie = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/;
const fields = () => document.querySelectorAll("form input[name=csrfmiddlewaretoken]");
const token = () => document.cookie.match(cookie)?.[1] ?? fields()[0]?.value ?? "";

/** A form's POST without leaving the page; a redirect is not followed (`type` is "opaqueredirect"). */
export const post = (address, values) =>
  fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    body: new URLSearchParams(values),
    redirect: "manual",
  });

// Logging in again in another tab changes the token: forms of older pages take the present one.
document.addEventListener(
  "submit",
  ({ target }) => {
    if (target.method !== "post") return;
    for (const field of target.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token();
  },
  true,
);
