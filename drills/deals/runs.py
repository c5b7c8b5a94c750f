"""What can be run apart (apart.py): each takes plain arguments, plays in an empty database and answers with plain figures."""

import time
from dataclasses import asdict

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from apps.transactions import invariants
from drills.row import Times

from . import embedded, mutants, races, worlds
from .bazaar import Bazaar
from .hands import hands
from .stall import traders
from .trader_machine import Trading

SHOWN = 5  # of what was wrong
# Pages are drawn without the files that make run collects.
UNCOLLECTED = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def bazaar(actions: int, seed: int, mutant: str = "") -> dict:
    with pytest.MonkeyPatch.context() as patch:
        people = _begin(8, mutant, patch)
        market = Bazaar(people, seed)
        with hands(8) as eight:
            market.open(eight, 8, actions)
    return _found(
        [*invariants.violations(), *market.changed_requests()],
        errors=dict(market.errors),
        met=dict(eight.met),
        actions=len(market.seconds),
        done=sum(market.done.values()),
        refused=sum(market.refused.values()),
        times=asdict(Times.of(market.seconds)),
    )


def pairs(times: int, mutant: str = "") -> dict:
    with pytest.MonkeyPatch.context() as patch:
        people = _begin(4, mutant, patch)
        with hands(2) as two:
            count, wrong = races.pairs(two, people, times)
    return _found([*wrong, *invariants.violations()], met=dict(two.met), races=count)


def each_other(rounds: int, mutant: str = "") -> dict:
    with pytest.MonkeyPatch.context() as patch:
        people = _begin(2, mutant, patch)
        with hands(2) as two:
            wrong = races.each_other(two, people, rounds)
    return _found([*wrong, *invariants.violations()], met=dict(two.met), completes=2 * rounds)


def small_worlds(seed: int, size: int, seconds: float, mutant: str = "") -> dict:
    """Statement by statement on PostgreSQL; on SQLite the second BEGIN waits for the first commit, so only the walk."""
    with pytest.MonkeyPatch.context() as patch:
        people = _begin(3, "", patch)
        walk = worlds.breadth_first(people, size)
        found = {"states": len(walk.paths), "taken": walk.taken}
        wrong = walk.wrong
        if connection.vendor == "postgresql":
            meetings = worlds.meetings(people, size, walk, seed)
            if mutant:
                mutants.MUTANTS[mutant](patch)
            stepping = worlds.step_through(people, meetings, seconds)
            wrong = [*wrong, *stepping.wrong]
            found |= {"pairs": stepping.meetings, "left": stepping.left, "runs": stepping.runs, "waited": stepping.waited}
    return _found(wrong, **found)


def machine(examples: int, steps: int, chance: int, mutant: str = "") -> dict:
    options = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    uncollected = override_settings(STORAGES=conf.STORAGES | UNCOLLECTED, WHITENOISE_AUTOREFRESH=True)
    with pytest.MonkeyPatch.context() as patch, uncollected:
        _begin(0, mutant, patch)
        Trading.meet()
        wrong = []
        try:
            run_state_machine_as_test(seed(chance)(Trading), settings=options)
        except AssertionError as error:
            wrong.append(str(error) or "the site and the model disagree")
    return _found([*wrong, *invariants.violations()], runs=Trading.runs, clicks=Trading.clicks)


def one_file(sends: int, deals: int, seed: int, mutant: str = "") -> dict:
    with pytest.MonkeyPatch.context() as patch:
        people = _begin(embedded.WRITERS * 2, mutant, patch)
        with hands(embedded.WRITERS * 2 + 1) as all_of_them:
            found = embedded.write(all_of_them, people, sends, deals, seed)
    return _found(list(invariants.violations()), **found._asdict())


def _begin(number, mutant, patch):
    people = traders(*(f"trader{each}" for each in range(number)))
    if mutant:
        mutants.MUTANTS[mutant](patch)
    return people


def _found(wrong, **figures):
    return {"violations": len(wrong), "wrong": wrong[:SHOWN], "took": round(time.process_time(), 1), **figures}


RUNS = {each.__name__: each for each in (bazaar, pairs, each_other, small_worlds, machine, one_file)}
