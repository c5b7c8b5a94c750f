"""Every variable that the settings read is explained to operators, with the default that it really has."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS_ALONE = {"TEST_SQLITE_NAME"}
OF_COMPOSE = {"PUBLISH", "S3_PUBLISH", "REPLICAS", "POSTGRES_CONNECTIONS", "SECRETS", "FORWARDED_PROTO", "NGINX_REALIP"}
COMPUTED = object()


def variables():
    """name → default, of every env("NAME") and env.int("NAME") of the settings."""
    found = {}
    for call in ast.walk(ast.parse((ROOT / "lootlink" / "settings.py").read_text())):
        if isinstance(call, ast.Call) and re.fullmatch(r"env(\.\w+)?", ast.unparse(call.func)):
            found.setdefault(call.args[0].value, _default(call))
    return found


def _default(call):
    given = next((each.value for each in call.keywords if each.arg == "default"), None)
    try:
        value = ast.literal_eval(given) if given else ""
    except ValueError:
        return COMPUTED
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(value) if isinstance(value, list) else str(value or "")


def documented():
    """name → what the table says its default is."""
    page = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (?:`([^`]*)`)? *\|", page, re.MULTILINE)
    assert len(rows) == len({name for name, _default in rows}), "a variable has two rows"
    return dict(rows)


def example():
    found = re.findall(r"^#?([A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable has two lines"
    return dict(found)


@pytest.mark.parametrize("page", [documented, example], ids=["table", "example"])
def test_it_names_every_variable_and_no_other(page):
    assert len(variables()) > 20
    assert page().keys() == (variables().keys() - OURS_ALONE) | OF_COMPOSE


@pytest.mark.parametrize("page", [documented, example], ids=["table", "example"])
def test_a_default_is_the_one_of_the_settings(page):
    said = page()
    known = {name: default for name, default in variables().items() if default is not COMPUTED and name in said}
    assert {name: said[name] for name in known} == known


def test_defaults_are_read_as_they_are_written():
    call = (
        ast.parse('env.bool("A", default=True), env.int("B", default=1), env("C"), env("D", default=f"{x}")').body[0].value.elts
    )
    assert [_default(each) for each in call] == ["on", "1", "", COMPUTED]
