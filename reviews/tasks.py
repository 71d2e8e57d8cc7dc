"""Celery's way in; the work is in timed.py."""

from celery import shared_task
from django.utils import timezone

from reviews.timed import run_due


@shared_task
def sweep_unused_photos() -> None:
    run_due(at=timezone.now())
