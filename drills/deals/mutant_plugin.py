"""Pytest plugin: the whole run is of the mutant that MUTANT names (python -m pytest -p drills.deals.mutant_plugin)."""

import os
from importlib import import_module

import pytest


@pytest.fixture(scope="session", autouse=True)
def _mutated(django_db_setup, django_db_blocker):
    # By name: the plugin is there before Django knows its settings.
    mutants = import_module("drills.deals.mutants").MUTANTS
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        mutants[os.environ["MUTANT"]](patch)
        yield
