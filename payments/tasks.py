"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from payments.timed import run_due

TURN = "payments.tasks.look_after_payments"
# A worker that was killed does not hold the next round up for longer.
TURN_SECONDS = 30


@shared_task
def look_after_payments() -> None:
    """One at a time, so that a slow gateway takes one of the workers and not all of them. Two at
    once would do no harm."""
    if cache.add(TURN, True, TURN_SECONDS):
        try:
            run_due(at=timezone.now())
        finally:
            cache.delete(TURN)
