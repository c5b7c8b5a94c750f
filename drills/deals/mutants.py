"""What the deals stand on, taken away one by one in this process only: each lock, order, constraint, trigger and on_commit.

A mutant is a call with a MonkeyPatch; it needs Django and a migrated database, and changes both.
"""

import ast
import re
import sys
from collections.abc import Callable
from functools import partial

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import CheckConstraint, QuerySet

from apps.chat import swift
from apps.transactions import flow, reviews

# Where something is called with: the module, the function, and for a lock the model.
LOCKS = (
    "apps.listings.models:locked:Listing",
    "apps.transactions.flow:_locked:PurchaseRequest",
    "apps.transactions.flow:_count:Profile",
    "apps.transactions.reviews:create:PurchaseRequest",
    "apps.transactions.reviews:create:Profile",
    "apps.chat.models:__init__:Conversation",
    "apps.chat.models:read_up_to:Conversation",
    "apps.notifications.models:_lock:Bell",
    "apps.live.feed:_number:Inbox",
    "apps.listings.selling:_in_turn:Profile",
    "apps.accounts.views.passwords:_reset_done:CustomUser",
    "apps.accounts.forms.profile:save:Profile",
)
ORDERS = (
    "apps.transactions.flow:_count:Profile",
    "apps.chat.models:__init__:Conversation",
    "apps.notifications.models:_lock:Bell",
    "apps.live.feed:_number:Inbox",
)
ON_COMMITS = (
    "apps.live.feed:tell",
    "apps.listings.models:delete",
    "apps.listings.models:change",
    "apps.transactions.flow:_history",
    "apps.accounts.models:save",
    "apps.accounts.forms.profile:save",
)
# Statements of apps.chat.swift that lock, in order, before the one that writes.
SWIFT = ("LOCK_TALKS", "LOCK_INBOXES")
# What means nothing on PostgreSQL: its numeric(9, 2) holds no price beyond this one.
ON_SQLITE = ("deferred", "constraint listing_price_in_reach")
RETRIED = {
    "flow.create": flow.create,
    "flow.advance": flow.advance,
    "flow.set_status": flow.set_status,
    "flow.withdraw": flow.withdraw,
    "reviews.create": reviews.create,
}
TRIGGERS = ("UPDATE", "DELETE")


def without_lock(place: str, patch: pytest.MonkeyPatch) -> None:
    lock = QuerySet.select_for_update

    def select_for_update(rows, *args, **options):
        return rows.all() if f"{_caller()}:{rows.model.__name__}" == place else lock(rows, *args, **options)

    patch.setattr(QuerySet, "select_for_update", select_for_update)


def without_order(place: str, patch: pytest.MonkeyPatch) -> None:
    order = QuerySet.order_by

    def order_by(rows, *names):
        return order(rows, *(["?"] if f"{_caller()}:{rows.model.__name__}" == place else names))

    patch.setattr(QuerySet, "order_by", order_by)


def swift_without(words: str, statement: str, patch: pytest.MonkeyPatch) -> None:
    """Up to the end of the clause that begins with `words`."""
    text = getattr(swift, statement)
    patch.setattr(swift, statement, re.sub(rf"{words}.*?(?= FOR|\Z)", "", text, flags=re.DOTALL))


def before_commit(place: str, patch: pytest.MonkeyPatch) -> None:
    """What waits for the commit is done at once."""
    on_commit = transaction.on_commit

    def at_once(call, *args, **options):
        return call() if _caller() == place else on_commit(call, *args, **options)

    patch.setattr(transaction, "on_commit", at_once)


def without_constraint(name: str, patch: pytest.MonkeyPatch) -> None:
    model = next(model for model in _models() if name in {each.name for each in model._meta.constraints})
    constraint = next(each for each in model._meta.constraints if each.name == name)
    if connection.vendor == "sqlite" and isinstance(constraint, CheckConstraint):
        # It can't drop one; this connection asks for none.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        return
    patch.setattr(model._meta, "constraints", [each for each in model._meta.constraints if each.name != name])
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)


def without_trigger(event: str, patch: pytest.MonkeyPatch) -> None:
    """The history may be rewritten, or erased."""
    other = "DELETE" if event == "UPDATE" else "UPDATE"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER dealstep_no_{event.lower()}")
        else:
            cursor.execute("DROP TRIGGER dealstep_append_only ON transactions_dealstep")
            cursor.execute(
                f"CREATE TRIGGER dealstep_append_only BEFORE {other} ON transactions_dealstep "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()"
            )


def without_retry(name: str, patch: pytest.MonkeyPatch) -> None:
    cells = dict(zip(RETRIED[name].__code__.co_freevars, RETRIED[name].__closure__, strict=True))
    patch.setattr(cells["tries"], "cell_contents", 1)


def deferred(patch: pytest.MonkeyPatch) -> None:
    """SQLite's own BEGIN: a reader that goes on to write meets the writer."""
    patch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    connection.close()


def others_stay_pending(patch: pytest.MonkeyPatch) -> None:
    """What is sold or withdrawn rejects nobody."""
    patch.setattr(flow, "CLOSING", set())


def constraint_names() -> list[str]:
    return [each.name for model in _models() for each in model._meta.constraints]


def naive(patch: pytest.MonkeyPatch) -> None:
    """The control of the races: no lock, no writer's queue, and no constraint behind them."""
    patch.setattr(QuerySet, "select_for_update", lambda rows, *args, **options: rows.all())
    for name in constraint_names():
        if name.startswith("deal_one"):
            without_constraint(name, patch)
    if connection.vendor == "sqlite":
        deferred(patch)


def _models():
    return [model for model in apps.get_models() if model.__module__.startswith("apps.")]


def _caller() -> str:
    frame = sys._getframe(2)
    while frame.f_globals["__name__"].startswith("django."):
        frame = frame.f_back
    return f"{frame.f_globals['__name__']}:{frame.f_code.co_name}"


def calls_of(method: str) -> set[str]:
    """Where the product calls it, as module:function, read from its sources."""
    found = set()
    for package in ("apps", "consumers", "lootlink"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if not {"tests", "migrations"} & set(parts):
                module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found |= {f"{module}:{name}" for name in _functions_calling(method, ast.parse(path.read_text()))}
    return found


def _functions_calling(method, tree):
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            if any(isinstance(call, ast.Attribute) and call.attr == method for call in called):
                yield function.name


MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "nothing": lambda patch: None,
    "naive": naive,
    "deferred": deferred,
    "rule others stay pending": others_stay_pending,
    **{f"lock {place}": partial(without_lock, place) for place in LOCKS},
    **{f"order {place}": partial(without_order, place) for place in ORDERS},
    **{f"lock apps.chat.swift:{name}": partial(swift_without, "FOR NO KEY UPDATE", name) for name in SWIFT},
    **{f"order apps.chat.swift:{name}": partial(swift_without, "ORDER BY", name) for name in SWIFT},
    **{f"on_commit {place}": partial(before_commit, place) for place in ON_COMMITS},
    **{f"constraint {name}": partial(without_constraint, name) for name in constraint_names()},
    **{f"trigger {event}": partial(without_trigger, event) for event in TRIGGERS},
    **{f"retry {name}": partial(without_retry, name) for name in RETRIED},
}
