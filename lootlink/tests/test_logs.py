"""What strangers do wrong is told in one line a time, and never as a fault of ours."""

import logging

import pytest
from django.conf import settings

from lootlink.logs import OneLine, Strangers


def line(name, level):
    try:
        raise ValueError("at fault")
    except ValueError as error:
        record = logging.LogRecord(name, level, "", 1, "said\r\n%s", ("twice\n",), (type(error), error, error.__traceback__))
    assert Strangers().filter(record)
    return OneLine("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(
    ("name", "level"), [("django.security.TooManyFieldsSent", logging.ERROR), ("django.request", logging.WARNING)]
)
def test_a_bad_request_is_a_warning_of_one_line(name, level):
    assert line(name, level) == r"WARNING said\r\ntwice\n"


@pytest.mark.parametrize(("name", "level"), [("django.request", logging.ERROR), ("consumers.hub", logging.WARNING)])
def test_a_fault_of_ours_keeps_its_traceback(name, level):
    assert "Traceback (most recent call last)" in line(name, level)


def test_the_console_is_told_so():
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["strangers"]
