"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from notifications.timed import run_due

TURN = "notifications.tasks.deliver_due_mail"
# A worker that was killed does not hold the next round up for longer.
TURN_SECONDS = 30


@shared_task
def deliver_due_mail() -> None:
    """One at a time, so that a slow mail server takes one of the workers and not all of them. Two
    at once would do no harm."""
    if cache.add(TURN, True, TURN_SECONDS):
        try:
            run_due(at=timezone.now())
        finally:
            cache.delete(TURN)
