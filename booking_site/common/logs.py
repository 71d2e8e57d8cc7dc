"""How much of an event goes to the log."""

import logging


class WithoutTraceback(logging.Filter):
    """One line of it, whatever is attached."""

    def filter(self, record: logging.LogRecord) -> bool:
        # No other handler sees these: their logger does not pass them on.
        record.exc_info = record.exc_text = record.stack_info = None
        return True
