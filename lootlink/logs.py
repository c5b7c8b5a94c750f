"""Log lines that stay one line, whatever a stranger puts into them, and keep no contact and no link that opens an account."""

import json
import logging
import re
from datetime import UTC, datetime

from . import trace

_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINK = re.compile(r"(/accounts/(?:password-reset/[0-9]+|email)/)[^/\s]+")
# PostgreSQL quotes the row that it refuses, with all that a trader wrote into it.
_ROW = re.compile(r"(DETAIL:).*?(?=\n(?:CONTEXT|HINT):|\n\n(?:The above|During)|\Z)", re.DOTALL)


class Strangers(logging.Filter):
    """What is wrong with a request is a warning of one line: whoever sends it must not fill the log with tracebacks of ours."""

    def filter(self, record):
        if record.name.startswith("django.security.") or (record.name == "django.request" and record.levelno < logging.ERROR):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


class OneLine(logging.Formatter):
    """For people; a traceback of ours follows its line as it is."""

    def formatMessage(self, record):
        record.message = _BREAKING.sub(lambda sign: ascii(sign[0])[1:-1], _discreet(record.message))
        return super().formatMessage(record)

    def formatException(self, exc_info):
        return _discreet(super().formatException(exc_info))


class Json(logging.Formatter):
    """For machines: an object a line, tracebacks within it."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _discreet(record.getMessage()),
        }
        # What Django says of an answer comes after all middleware, and brings its request.
        if origin := trace.current() or getattr(getattr(record, "request", None), "origin", None):
            line["request"] = origin.id
            if origin.user_id:
                line["user"] = origin.user_id
        if record.exc_info:
            line["traceback"] = _discreet(self.formatException(record.exc_info))
        # JSON takes the later line ends of Unicode for plain signs.
        return _BREAKING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(line, ensure_ascii=False))


def _discreet(text: str) -> str:
    return _ROW.sub(r"\1 …", _LINK.sub(r"\1…", text))
