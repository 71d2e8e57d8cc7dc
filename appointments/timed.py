"""What is due. Run by the embedded loop or by Celery's beat; safe to run twice and at once."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.cache import cache

from accounts.services import forget_expired
from appointments.services.holds import sweep_expired_holds
from appointments.services.queueing import expire_waiters, serve_lines
from booking_site.common.models import AttemptCounter, IdempotencyRecord
from booking_site.common.transactions import all_in_turn, run_in_transaction

# A counter of thirty days is asked about for two of its windows.
LONGEST_WINDOW = timedelta(days=61)
HOUR_SECONDS = 3600


def run_due(*, at: datetime) -> None:
    """Everything whose time has come, each piece in a transaction of its own. Raises an
    ExceptionGroup when all had their turn and some have failed; the next round finds them again."""
    pieces = (sweep_expired_holds, expire_waiters, serve_lines, _forget)
    all_in_turn(partial(piece, at=at) for piece in pieces)


def _forget(*, at: datetime) -> None:
    if cache.add("appointments.timed.forget", True, HOUR_SECONDS):
        # Nobody waits for this, and looking for what is old reads whole tables.
        run_in_transaction(partial(forget_expired, at=at))
        _forget_old_rows(at)


def _forget_old_rows(at: datetime) -> None:
    answers = IdempotencyRecord.objects.filter(
        created_at__lt=at - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    )
    attempts = AttemptCounter.objects.filter(window_started_at__lt=at - LONGEST_WINDOW)
    for old in (answers, attempts):
        run_in_transaction(old.delete)
