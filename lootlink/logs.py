"""Log lines that stay one line, whatever a stranger puts into them, and keep no link that opens an account."""

import logging
import re

_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINK = re.compile(r"(/accounts/(?:password-reset/[0-9]+|email)/)[^/\s]+")


class Strangers(logging.Filter):
    """What is wrong with a request is a warning of one line: whoever sends it must not fill the log with tracebacks of ours."""

    def filter(self, record):
        if record.name.startswith("django.security.") or (record.name == "django.request" and record.levelno < logging.ERROR):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


class OneLine(logging.Formatter):
    def formatMessage(self, record):
        record.message = _BREAKING.sub(lambda sign: ascii(sign[0])[1:-1], _LINK.sub(r"\1…", record.message))
        return super().formatMessage(record)
