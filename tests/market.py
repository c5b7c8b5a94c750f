"""What tests that walk the whole site share: its people, its addresses, and a way to try things without a trace."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.test import Client

ROLES = ("guest", "stranger", "buyer", "seller", "staff")


@dataclass
class Market:
    """`people` and their `sessions` by role, `names` of ids for addresses such as /listing/{asked}/."""

    people: dict
    sessions: dict
    names: dict

    def client(self, role: str, **options) -> Client:
        """A browser of its own, which this person has logged in with before."""
        client = Client(**options)
        client.cookies.load(self.sessions[role])
        return client

    def path(self, template: str) -> str:
        return template.format(**self.names)


@contextmanager
def undone():
    """Inside a test's transaction: whatever is written within is taken back."""
    block = transaction.atomic()
    # As the transaction of the test itself: changes within it still believe themselves outermost.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
