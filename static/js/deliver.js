// One message to the server: over the socket, or by the talk's form where sockets are blocked.
import { post } from "./csrf.js";
import { command, state } from "./live.js";

/** The message, null where the form took it; rejects with `{code, detail, retry_after}` as the socket's errors. */
export async function deliver({ ref, conversation, content }) {
  if (state() !== "polling") return (await command("message.send", { ref, conversation, content })).message;
  const answer = await post(`/chat/conversation/${conversation}/`, { ref, content }).catch((failure) => {
    if (!(failure instanceof TypeError)) throw failure;
  });
  if (answer?.type === "opaqueredirect") return null;
  throw refusal(answer);
}

function refusal(answer) {
  switch (answer?.status) {
    case 400:
      return { code: "invalid" };
    case 403:
    case 404:
      return { code: "forbidden" };
    case 429:
      return { code: "rate_limited", retry_after: Number(answer.headers.get("Retry-After")) };
    default:
      return { code: "unavailable" };
  }
}
