"""Everything that writes the outbox. What sends it is in timed.py, outside of any transaction."""

from .delivering import claim_next, drop, mark_failed, mark_sent, send_again
from .forgetting import forget
from .outbox import record
from .reminding import remind

__all__ = [
    "claim_next",
    "drop",
    "forget",
    "mark_failed",
    "mark_sent",
    "record",
    "remind",
    "send_again",
]
