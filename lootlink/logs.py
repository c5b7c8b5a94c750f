"""Log lines that stay one line, whatever a stranger puts into them."""

import logging


class OneLine(logging.Formatter):
    def formatMessage(self, record):
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)
