"""Pytest plugin: each test is run once with each of the mutants that MUTANTS names (one a line), until one notices it.

`python -m pytest -p drills.deals.mutant_plugin`; MUTANT_REPORT is the file that says which test noticed which.
"""

import json
import os
from importlib import import_module
from pathlib import Path

import pytest

NAMES = os.environ["MUTANTS"].splitlines()
# Dropped within the test's own transaction; PostgreSQL takes even that back.
IN_THE_TABLES = ("constraint", "trigger")
noticed: dict[str, str] = {}


def pytest_generate_tests(metafunc):
    metafunc.parametrize("_mutated", NAMES, indirect=True)


@pytest.fixture(autouse=True)
def _mutated(request):
    if request.param in noticed:
        pytest.skip("noticed already")
    if request.param.startswith(IN_THE_TABLES):
        if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
            pytest.skip("would outlive the test")
        request.getfixturevalue("db")
    # By name: the plugin is there before Django knows its settings.
    mutants = import_module("drills.deals.mutants").MUTANTS
    with pytest.MonkeyPatch.context() as patch:
        mutants[request.param](patch)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    # A mutant that can't even be made was not noticed.
    if report.failed and report.when == "call":
        noticed.setdefault(item.callspec.params["_mutated"], item.nodeid)
    return report


def pytest_sessionfinish():
    Path(os.environ["MUTANT_REPORT"]).write_text(json.dumps(noticed))
