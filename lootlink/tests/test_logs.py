"""What strangers do wrong is told in one line a time, and never as a fault of ours."""

import json
import logging
from datetime import datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from apps.accounts.models import CustomUser
from lootlink.logs import Json, OneLine, Strangers


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


def written(message, *arguments, formatter=None):
    record = logging.LogRecord("lootlink.security", logging.WARNING, "", 1, message, arguments, None)
    return (formatter or Json()).format(record)


def test_json_is_one_object_a_line_in_utc():
    text = written("said\r\n%s", "«меч»\u2028\x85\x00")
    assert len(text.splitlines()) == 1
    line = json.loads(text)
    assert line["message"] == "said\r\n«меч»\u2028\x85\x00"
    assert (line["level"], line["logger"]) == ("WARNING", "lootlink.security")
    assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0


def test_a_traceback_stays_within_its_line():
    try:
        raise ValueError("at\nfault")
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    text = Json().format(logging.LogRecord("django.request", logging.ERROR, "", 1, "said", (), fault))
    assert len(text.splitlines()) == 1
    assert json.loads(text)["traceback"].endswith("ValueError: at\nfault")


@pytest.mark.parametrize("formatter", [Json(), OneLine()])
def test_a_link_that_opens_an_account_is_cut_off(formatter):
    text = written("denied %s", "/accounts/password-reset/7/secret-token/", formatter=formatter)
    assert "/accounts/password-reset/7/…" in text
    assert "secret" not in text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite quotes no rows")
@pytest.mark.parametrize("formatter", [Json(), OneLine()])
def test_a_row_that_the_database_refuses_is_not_told(alice, formatter):
    with pytest.raises(IntegrityError) as refused:
        CustomUser.objects.create_user("other", "Alice@example.com", "correct-horse-9")
    assert "alice@example.com" in str(refused.value)
    fault = (type(refused.value), refused.value, refused.value.__traceback__)
    text = formatter.format(logging.LogRecord("django.request", logging.ERROR, "", 1, "said", (), fault))
    assert "alice@example.com" not in text.replace("Alice@example.com", "")
    assert "IntegrityError" in text
