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
        self.hits = [limits.take("login.slow" if slow else "login.account", f"{account}|{address}")]
        if not is_in:
            try:
                self.hits.append(limits.take("login.address", address))
            except limits.TooMany:
                # Else an address that is refused could still use up what every account has there.
                self._forgive()
                raise
        self.hits.append(limits.count("login.everywhere", account))

    def succeeded(self) -> None:
        """A success is not counted."""
        self._forgive()

    def _forgive(self) -> None:
        for hit in self.hits:
            limits.forgive(hit)
