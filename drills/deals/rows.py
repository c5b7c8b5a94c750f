"""The rows that deals have in make drill. Each is played apart, in processes and databases of its own."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from drills.row import NotRun, Outcome, Scale, Times, drill
from drills.stage import Stage
from tests.workers import ROOT

from .killing import killed

NAIVE = "without locks and constraints"


@drill("F22", "random actions of 8 hands on hot listings", "10,000 on PostgreSQL, 5,000 on SQLite: 0 violations, 0 errors", 900)
def many_hands(stage: Stage, scale: Scale) -> Outcome:
    found = {
        "PostgreSQL": on_postgres(stage, "bazaar", actions=scale.of(10_000, 400), seed=scale.seed),
        "SQLite": on_sqlite(stage, "bazaar", actions=scale.of(5_000, 400), seed=scale.seed),
    }
    naive = {
        "PostgreSQL": lambda: on_postgres(stage, "bazaar", actions=scale.of(4_000, 800), seed=scale.seed, mutant="naive"),
        "SQLite": lambda: on_sqlite(stage, "bazaar", actions=scale.of(1_000, 400), seed=scale.seed, mutant="naive"),
    }
    outcome = Outcome(
        "; ".join(
            f"{name}: {each['actions']} actions ({each['done']} done, {each['refused']} refused), "
            f"{each['violations']} violations, errors {each['errors'] or 0}"
            for name, each in found.items()
        ),
        not any(each["violations"] or each["errors"] for each in found.values()),
        Times(**found["PostgreSQL"]["times"]),
    )
    if scale.controls:
        bad = {name: run() for name, run in naive.items()}
        outcome.control = f"{NAIVE}: " + "; ".join(
            f"{name} {each['violations']} violations, {sum(each['errors'].values())} errors in {each['actions']}"
            for name, each in bad.items()
        )
        outcome.control_failed = all(each["violations"] or each["errors"] for each in bad.values())
    return outcome


@drill("F29", "SQLite embedded: 4 writers and deals on one file", '0 "database is locked", 0/0/0', 400)
def one_file(stage: Stage, scale: Scale) -> Outcome:
    found = on_sqlite(stage, "one_file", sends=scale.of(500, 50), deals=scale.of(200, 20), seed=scale.seed)
    outcome = Outcome(
        f"{found['sent']} sent, {found['lost']}/{found['doubled']}/{found['out_of_order']}, errors {found['errors'] or 0}, "
        f"{found['violations']} violations",
        not any(found[each] for each in ("lost", "doubled", "out_of_order", "errors", "met", "violations")),
    )
    if scale.controls:
        bad = on_sqlite(stage, "one_file", sends=50, deals=50, seed=scale.seed, mutant="deferred")
        outcome.control = f"BEGIN instead of BEGIN IMMEDIATE: {sum(bad['met'].values())} times locked"
        outcome.control_failed = bool(bad["met"])
    return outcome


@drill("R1", "all 64 ordered pairs of 8 actions, let go at once", "3,200 races: 0 violations, one winner of two rivals", 900)
def pairs(stage: Stage, scale: Scale) -> Outcome:
    found = on_postgres(stage, "pairs", times=scale.of(50, 1))
    outcome = Outcome(
        f"{found['races']} races, {found['violations']} violations, {sum(found['met'].values())} errors met",
        not found["violations"] and not found["met"],
    )
    if scale.controls:
        bad = on_postgres(stage, "pairs", times=4, mutant="naive")
        outcome.control = f"{NAIVE}: {bad['violations']} violations in {bad['races']} races"
        outcome.control_failed = bool(bad["violations"])
    return outcome


@drill("R2", "A sells to B and B to A, both complete at once", "2,000 completes: 0 deadlocks, surfaced or hidden", 600)
def each_other(stage: Stage, scale: Scale) -> Outcome:
    found = on_postgres(stage, "each_other", rounds=scale.of(1_000, 20))
    outcome = Outcome(
        f"{found['completes']} completes, {found['violations']} surfaced, met {found['met'] or 0}",
        not found["violations"] and not found["met"],
    )
    if scale.controls:
        bad = on_postgres(stage, "each_other", rounds=scale.of(200, 60), mutant="lock apps.transactions.flow:_count:Profile")
        outcome.control = f"profiles not locked in order: {bad['met'].get('40P01', 0)} deadlocks in {bad['completes']}"
        outcome.control_failed = "40P01" in bad["met"]
    return outcome


@drill(
    "R3", "small worlds, all of them, and pairs statement by statement", "every state that can be reached is as it must be", 600
)
def small_worlds(stage: Stage, scale: Scale) -> Outcome:
    size, seconds = scale.of(2, 1), scale.of(180, 5)
    found = on_postgres(stage, "small_worlds", seed=scale.seed, size=size, seconds=seconds)
    walk = on_sqlite(stage, "small_worlds", seed=scale.seed, size=size, seconds=seconds)
    outcome = Outcome(
        f"{found['states']} states, {found['taken']} actions on PostgreSQL, {walk['states']} and {walk['taken']} on SQLite; "
        f"{found['pairs']} of {found['pairs'] + found['left']} pairs stepped through, {found['runs']} runs, "
        f"{found['waited']} had to wait; {found['violations']} + {walk['violations']} violations",
        not found["violations"] and not walk["violations"] and found["states"] == walk["states"],
    )
    if scale.controls:
        bad = on_postgres(stage, "small_worlds", seed=scale.seed, size=size, seconds=seconds, mutant="naive")
        outcome.control = f"{NAIVE}: {bad['violations']} violations after {bad['runs']} runs"
        outcome.control_failed = bool(bad["violations"])
    return outcome


@drill("R4", "Hypothesis against the HTTP client", "500 runs of 50 steps on both databases: the site and the model agree", 2400)
def machine(stage: Stage, scale: Scale) -> Outcome:
    amount = {"examples": scale.of(500, 5), "steps": scale.of(50, 25), "chance": scale.seed}
    found = {"PostgreSQL": on_postgres(stage, "machine", **amount), "SQLite": on_sqlite(stage, "machine", **amount)}
    outcome = Outcome(
        "; ".join(
            f"{name}: {each['runs']} runs, {each['clicks']} clicks, {each['violations']} violations"
            for name, each in found.items()
        ),
        not any(each["violations"] for each in found.values()),
    )
    if scale.controls:
        bad = on_sqlite(stage, "machine", **amount | {"examples": 50}, mutant="rule others stay pending")
        outcome.control = f"completion leaves the others pending: {bad['violations']} violations"
        outcome.control_failed = bool(bad["violations"])
    return outcome


@drill("R5", "each lock, order, constraint, trigger and on_commit taken away", "the tests fail for each", 3600)
def mutants(stage: Stage, scale: Scale) -> Outcome:
    if scale.quick:
        raise NotRun("a test run for each mutant: only in full")
    found = killed(stage.database)
    deceived = found.pop("nothing")
    alive = [name for name, killer in found.items() if not killer]
    return Outcome(
        f"{len(found) - len(alive)} of {len(found)} killed{', alive: ' + ', '.join(alive) if alive else ''}; "
        f"with nothing taken away {deceived or 'no test'} fails",
        not alive and not deceived,
    )


def on_postgres(stage: Stage, name: str, **arguments) -> dict:
    with own_database(stage.database) as url:
        return apart(url, name, arguments)


def on_sqlite(stage: Stage, name: str, **arguments) -> dict:
    return apart(f"sqlite:///{stage.folder.path}/{uuid.uuid4().hex}.sqlite3", name, arguments)


def apart(database: str, name: str, arguments: dict) -> dict:
    environment = {**os.environ, "DATABASE_URL": database, "REDIS_URL": "", "LOOTLINK_RATE_LIMITS": "off"}
    with subprocess.Popen(
        [sys.executable, "-m", "drills.deals.apart", name, json.dumps(arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = process.stdout.read()
        finally:
            process.terminate()
    if not said:
        raise RuntimeError(f"{name} ended without a word")
    return json.loads(said.splitlines()[-1])


@contextmanager
def own_database(url: str) -> Iterator[str]:
    name = f"deals_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield url.rpartition("/")[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
