"""Tries of a password. A failure is counted before it is one, so that of thirty tries at once only the allowed are looked at."""

from django.conf import settings

from . import limits


class Attempt:
    """Begun by making it: raises TooMany. The account is slowed down but never locked: another address still has its tries.

    `is_in`: somebody logged in, who is not to wait for what strangers did from the same address.
    """

    def __init__(self, account: str, address: str, is_in: bool = False):
        failed = limits.used("login.everywhere", account)
        slow = failed >= settings.RATES["login.everywhere"][0]
        self.hits = [("login.slow" if slow else "login.account", f"{account}|{address}")]
        if not is_in:
            self.hits.append(("login.address", address))
        for rate, who in self.hits:
            limits.take(rate, who)
        self.hits.append(("login.everywhere", account))
        limits.count(*self.hits[-1])

    def succeeded(self) -> None:
        """A success is not counted."""
        for rate, who in self.hits:
            limits.forgive(rate, who)
