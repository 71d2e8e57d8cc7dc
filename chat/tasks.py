"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.utils import timezone

from chat.timed import run_due


@shared_task
def look_after_conversations() -> None:
    run_due(at=timezone.now())
