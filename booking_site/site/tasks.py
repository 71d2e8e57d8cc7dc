"""Celery's way in to the pulse; the work is in pulse.py."""

from celery import shared_task
from django.utils import timezone

from booking_site.site import pulse


@shared_task
def beat() -> None:
    pulse.beat(at=timezone.now())
