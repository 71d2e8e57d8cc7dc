"""What is counted of messages for whoever watches the site."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from booking_site.common.errors import Refusal
from booking_site.common.meters import CHAT_FAILED, CHAT_MESSAGES
from chat.models import Message


def count_after_commit(message: Message) -> None:
    transaction.on_commit(CHAT_MESSAGES.labels(message.kind).inc, robust=True)


@contextmanager
def failures_counted(*, but: type[Exception]) -> Iterator[None]:
    """Of what is not sent. ``but``: what is no failure."""
    try:
        yield
    except but:
        raise
    except Refusal as refusal:
        CHAT_FAILED.labels(refusal.code).inc()
        raise
    except Exception:
        CHAT_FAILED.labels("error").inc()
        raise
