"""What the tests of the pages read out of an answer."""

import re


def messages(response) -> list[dict]:
    """Every message on the page, in order: its hooks."""
    found = re.findall(r'<li class="(?:bubble|step)[^>]*data-message="(\d+)"([^>]*)>', response.content.decode())
    return [{"id": int(pk), "own": "data-own" in rest, "read": "data-read" in rest} for pk, rest in found]


def rows(response) -> dict[int, int]:
    """The list of talks, in order: how many are unread in each."""
    found = re.findall(r'data-conversation="(\d+)" data-unread="(\d+)"', response.content.decode())
    return {int(pk): int(unread) for pk, unread in found}


def hook(response, name: str) -> str:
    """The value of a hook that the page has once."""
    (value,) = re.findall(rf'data-{name}="([^"]*)"', response.content.decode())
    return value


def ref(response) -> str:
    return re.search(r'name="ref" value="([^"]+)"', response.content.decode()).group(1)
