"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from notifications.timed import run_due
from notifications.timed_pushes import run_due_pushes
from notifications.timed_webhooks import run_due_webhooks

TURN = "notifications.tasks.deliver_due_mail"
TURN_OF_WEBHOOKS = "notifications.tasks.deliver_due_webhooks"
TURN_OF_PUSHES = "notifications.tasks.deliver_due_pushes"
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


@shared_task
def deliver_due_webhooks() -> None:
    """As above, for receivers that are slow."""
    if cache.add(TURN_OF_WEBHOOKS, True, TURN_SECONDS):
        try:
            run_due_webhooks(at=timezone.now())
        finally:
            cache.delete(TURN_OF_WEBHOOKS)


@shared_task
def deliver_due_pushes() -> None:
    """As above, for a push service that is slow; announcements go out with it."""
    if cache.add(TURN_OF_PUSHES, True, TURN_SECONDS):
        try:
            run_due_pushes(at=timezone.now())
        finally:
            cache.delete(TURN_OF_PUSHES)
