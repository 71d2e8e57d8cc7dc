"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.utils import timezone

from appointments.timed import run_due


@shared_task
def run_due_work() -> None:
    run_due(at=timezone.now())
