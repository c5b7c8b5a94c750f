import pytest
from django.core import mail

from apps.accounts import letters


@pytest.fixture
def sent():
    """The letters sent so far, once the queue behind the answers is through."""

    def through():
        letters.queue.submit(lambda: None).result()
        return mail.outbox

    return through


@pytest.fixture
def link(sent):
    """The path of the link in the last letter."""

    def last():
        return next(line for line in sent()[-1].body.splitlines() if line.startswith("http")).partition("8000")[2]

    return last
