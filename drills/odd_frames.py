"""Frames that no tab of ours sends: valid ones changed, JSON of any shape, bytes, and what is too large."""

import json
import random
import string
from collections.abc import Iterator
from typing import NamedTuple

LIMIT = 32 * 1024  # bytes; daphne cuts a socket that sends more


class Frame(NamedTuple):
    """`fatal`: the protocol itself forbids it, so that the socket ends instead of an answer."""

    payload: str | bytes
    is_text: bool = True
    fatal: bool = False

    @property
    def ref(self) -> object:
        """What an answer to it may carry, as far as it can be told."""
        return self._known.get("ref")

    @property
    def is_typing(self) -> bool:
        """Of all commands this one alone has no answer when it is good."""
        return self._known.get("type") == "typing"

    @property
    def _known(self) -> dict:
        try:
            # Python's own integers end at 4,300 digits, which a field that nobody reads may have.
            known = json.loads(self.payload, parse_int=str) if self.is_text else None
        except (ValueError, RecursionError):
            return {}
        return known if isinstance(known, dict) else {}


TYPES = ["message.send", "message.read", "notification.read", "typing", "watch", "ping"]
# As JSON texts: some can't be written by a writer of JSON.
LITERALS = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.0",
    "1.5",
    "1e400",
    "-1e400",
    "1e-400",
    "NaN",
    "Infinity",
    "-Infinity",
    str(2**31),
    str(2**53 + 1),
    str(2**63 - 1),
    str(2**63),
    "-" + str(2**63),
    "9" * 400,
    "9" * 4_301,
    "9" * 20_000,
    '""',
    '" "',
    '"1"',
    r'"\u0000"',
    r'"a\u0000b"',
    r'"\ud800"',
    r'"\udc00\ud800"',
    r'"\ud83d\ude00"',
    r'"\u202e\u2066"',
    r'"\u200b"',
    r'"\ud800" , "ref": "\udfff"',
    '"' + "x" * 64 + '"',
    '"' + "x" * 65 + '"',
    '"' + "ы" * 4_000 + '"',
    '"' + "ы" * 4_001 + '"',
    '"' + "😀" * 4_000 + '"',
    '"' + r"\u044b" * 4_001 + '"',
    "[]",
    "{}",
    "[[[[]]]]",
    '{"type": "ping"}',
    "[" * 500 + "]" * 500,
    "[" * 700 + "]" * 700,
    "[" * 16_000 + "]" * 16_000,
    '{"a":' * 700 + "1" + "}" * 700,
    '{"a":' * 5_000 + "1" + "}" * 5_000,
    json.dumps(list(range(1, 51))),
    json.dumps(list(range(1, 52))),
    json.dumps([2**62] * 50),
    json.dumps(list(range(6_000))),
    "[1, 2.5, null]",
]


def frames(seed: int, talks: list[int]) -> Iterator[Frame]:
    """Without end; `talks` are ids of conversations, of which some are the sender's."""
    choice = random.Random(seed)
    makers = [_changed] * 8 + [_torn] * 4 + [_any_json] * 3 + [_noise, _binary, _large]
    while True:
        frame = choice.choice(makers)(choice, talks)
        size = len(frame.payload.encode("utf-8", "surrogatepass") if isinstance(frame.payload, str) else frame.payload)
        yield frame._replace(fatal=True) if size > LIMIT else frame


def valid(choice: random.Random, talks: list[int]) -> dict:
    """A good command; whether it is allowed is another matter."""
    ref = f"{choice.getrandbits(64):x}"
    talk = choice.choice([*talks, choice.randint(1, 2**63 - 1)])
    match kind := choice.choice(TYPES):
        case "message.send":
            return {"type": kind, "ref": ref, "conversation": talk, "content": choice.choice(["Привет", "x" * 50, "  a\n\n"])}
        case "message.read":
            return {"type": kind, "conversation": talk, "message": choice.randint(1, 10_000), "ref": ref}
        case "notification.read":
            return {"type": kind, "notification": choice.randint(1, 1_000), "ref": ref}
        case "typing":
            return {"type": kind, "conversation": talk, "ref": ref}
        case "watch":
            ids = [choice.randint(1, 60) for _ in range(choice.randint(0, 50))]
            return {"type": kind, "users": ids, "listings": ids[::-1], "ref": ref}
        case _:
            return {"type": kind, "seq": choice.choice([0, 0, 1, 10**6]), "ref": ref}


def _changed(choice: random.Random, talks: list[int]) -> Frame:
    """One to three parts of a good frame replaced, removed, doubled or added."""
    parts = [(json.dumps(name), json.dumps(value, ensure_ascii=False)) for name, value in valid(choice, talks).items()]
    for _ in range(choice.randint(0, 3)):
        at = choice.randrange(len(parts)) if parts else 0
        match choice.randrange(6):
            case 0 | 1 | 2 if parts:
                parts[at] = (parts[at][0], choice.choice(LITERALS))
            case 3 if parts:
                del parts[at]
            case 4 if parts:
                parts.insert(choice.randrange(len(parts)), (parts[at][0], choice.choice(LITERALS)))
            case _:
                parts.append((json.dumps(choice.choice(["seq", "user", "sender", "kind", "", "__class__", "type", "ref"])), "1"))
    choice.shuffle(parts)
    return Frame("{" + ",".join(f"{name}:{value}" for name, value in parts) + "}")


def _torn(choice: random.Random, talks: list[int]) -> Frame:
    """The text of a good frame cut short, or with some of its characters changed."""
    text = json.dumps(valid(choice, talks), ensure_ascii=choice.random() < 0.5)
    if choice.random() < 0.3:
        return Frame(text[: choice.randrange(len(text))])
    letters = list(text)
    for _ in range(choice.randint(1, 4)):
        letters[choice.randrange(len(letters))] = choice.choice(
            ["", "\0", "\\", '"', "{", "9", "\u2028", "\ufeff", "é", "}}", "\t"]
        )
    return Frame("".join(letters))


def _any_json(choice: random.Random, talks: list[int]) -> Frame:
    return Frame(choice.choice(["", " ", "\ufeff"] + [""] * 9) + _value(choice, 4))


def _value(choice: random.Random, depth: int) -> str:
    if depth and choice.random() < 0.6:
        inner = [_value(choice, depth - 1) for _ in range(choice.randint(0, 4))]
        if choice.random() < 0.5:
            return "[" + ",".join(inner) + "]"
        names = ["type", "ref", "conversation", "content", "users", "a"]
        return "{" + ",".join(f'"{choice.choice(names)}":{value}' for value in inner) + "}"
    return choice.choice([*LITERALS[:20], *(f'"{kind}"' for kind in TYPES)])


def _noise(choice: random.Random, talks: list[int]) -> Frame:
    """Characters; one time in four bytes that are no UTF-8, which the protocol answers by closing."""
    if choice.random() < 0.25:
        return Frame(b"\xff" + choice.randbytes(choice.randint(0, 200)), fatal=True)
    return Frame("".join(choice.choices(string.printable + "ы😀\u2029", k=choice.randint(0, 300))))


def _binary(choice: random.Random, talks: list[int]) -> Frame:
    good = json.dumps(valid(choice, talks)).encode()
    return Frame(choice.choice([b"", good, choice.randbytes(choice.choice([1, 100, LIMIT]))]), is_text=False)


def _large(choice: random.Random, talks: list[int]) -> Frame:
    """Around the limit of a frame, mostly below it."""
    frame = {"type": "message.send", "ref": "r", "conversation": choice.choice(talks), "content": ""}
    room = LIMIT - len(json.dumps(frame))
    frame["content"] = "x" * (room + choice.choice([-1_000, -1, 0, 0, 1, 1_000, 30_000]))
    return Frame(json.dumps(frame))
