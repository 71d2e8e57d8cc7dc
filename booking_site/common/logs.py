"""How much of an event goes to the log, and in which form."""

import json
import logging
import re
from datetime import UTC, datetime

MASK = "[…]"
# E-mail addresses; and eleven digits or more, or eight after a plus, also in groups: phones, cards,
# numbers of accounts. Ten without a plus are seconds of the epoch.
PERSONAL = re.compile(
    # Bounded, and begun at the beginning of a word: a long one is not tried from each of its signs.
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<![\w.:-])(?:\+\d(?:[ -]?\d){7,18}|\d(?:[ -]?\d){10,18})(?![\w.:-]\d)"
)


def masked(text: str) -> str:
    """Without what tells who somebody is. Values reach a log in what libraries say of errors: a
    database quotes the key that was there twice."""
    return PERSONAL.sub(MASK, text)


class WithoutTraceback(logging.Filter):
    """One line of it, whatever is attached."""

    def filter(self, record: logging.LogRecord) -> bool:
        # No other handler sees these: their logger does not pass them on.
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class Line(logging.Formatter):
    """For people; in UTC, and a line break in a value begins no second event."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


class Json(logging.Formatter):
    """An object a line: ``time``, ``level``, ``logger``, ``message``, and ``error`` with the
    traceback. Nothing else that hangs on a record: a request hangs there, too."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            told["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)
