"""Who may import whom: the domain of the apps one way, what is outside of it from nowhere inside."""

import ast

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PACKAGES = ("apps", "bench", "consumers", "drills", "lootlink", "stack", "tests")
# Each may import those before it.
LAYERS = ("live", "accounts", "notifications", "listings", "chat", "transactions")
OUTER = {"views", "urls", "forms", "admin"}
# Names that say nothing about what lives there.
VAGUE = {"core", "common", "utils", "helpers", "services", "selectors", "managers"}

SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")) + [ROOT / "conftest.py"]


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_outer(module):
    """What answers requests, and tests: nothing of the domain depends on it."""
    parts = module.split(".")
    return parts[0] != "apps" or bool(OUTER & set(parts[2:3])) or is_test(module)


def is_test(module):
    return bool({"tests", "conftest"} & set(module.split(".")))


def imports(source, module, is_package=False):
    """Full names of everything of ours that this source imports, by whatever spelling."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in PACKAGES)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                here = module.split(".")[: -node.level + is_package or None]
                start = ".".join([*here, *filter(None, [node.module])])
            if start.split(".")[0] in PACKAGES:
                # What is imported may itself be a module.
                yield from (f"{start}.{name.name}" for name in node.names)


def trespasses(source, module, is_package=False):
    """The imports that go against the layers."""
    if is_outer(module) or module == "apps":
        return []
    layer = LAYERS.index(module.split(".")[1])
    return [
        name for name in imports(source, module, is_package) if is_outer(name) or name.split(".")[1] not in LAYERS[: layer + 1]
    ]


def late_imports(source):
    """The lines of imports inside a function."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.lineno for function in functions for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}


def wrong(check):
    """What `check` finds in each of our files, by module; `check` gets its path and module."""
    found = {module_of(path): check(path, module_of(path)) for path in SOURCES}
    return {module: each for module, each in found.items() if each}


def test_every_app_has_its_layer():
    assert {path.parent.name for path in (ROOT / "apps").glob("*/__init__.py")} == set(LAYERS)


def test_imports_go_one_way():
    assert wrong(lambda path, module: trespasses(path.read_text(), module, path.stem == "__init__")) == {}


def test_nothing_is_imported_late():
    assert wrong(lambda path, module: late_imports(path.read_text())) == {}


def test_a_name_says_what_lives_there():
    assert wrong(lambda path, module: not is_test(module) and VAGUE & set(module.split("."))) == {}


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from apps.transactions import flow", "apps.chat.models"),
        ("import apps.chat.models", "apps.listings.search"),
        ("from ..listings.models import Listing", "apps.notifications.kinds"),
        ("from .. import accounts", "apps.live.feed"),
        ("if True:\n    from apps.accounts import limits", "apps.live.feed"),
        ("from . import views", "apps.chat.models"),
        ("from .forms import MessageForm", "apps.chat.models"),
        ("from apps.accounts.forms.fields import line", "apps.listings.search"),
        ("from lootlink import errors", "apps.accounts.limits"),
        ("from consumers.hub import hub", "apps.live.push"),
        ("from apps.chat.tests import pages", "apps.transactions.flow"),
    ],
)
def test_a_trespass_is_noticed(source, module):
    assert len(trespasses(source, module)) == 1
    assert trespasses(source, "apps.chat.views") == []


def test_a_package_is_the_start_of_its_own_relative_imports():
    assert list(imports("from . import hub", "consumers", is_package=True)) == ["consumers.hub"]
    assert list(imports("from . import hub", "consumers.socket")) == ["consumers.hub"]
    assert trespasses("from ..chat import models", "apps.accounts", is_package=True) == ["apps.chat.models"]


def test_a_late_import_is_noticed():
    assert late_imports("import os\n\nasync def f():\n    if os.name:\n        from apps.live import feed\n") == {5}


def test_there_is_something_to_look_at():
    assert len(SOURCES) > 100
