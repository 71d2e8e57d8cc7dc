"""``manage.py seed_demo``: people, stores and bookings to look at; brings what is missing."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking_site.site.demo.seeding import seed


class Command(BaseCommand):
    help = "Brings the demo's accounts, stores and appointments up to today. Only with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demo data has no place in a production database.")
        began = time.monotonic()
        made = seed(at=timezone.now())
        if options["verbosity"]:
            seconds = time.monotonic() - began
            self.stdout.write(f"Demo data is up to date: {made} new bookings, {seconds:.1f} s.")
