"""What is due. Run by the embedded loop or by Celery's beat; safe to run twice and at once."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.cache import cache

from accounts.services import forget_expired
from appointments.models import Claim
from appointments.rules import cell_of
from appointments.services.agreeing import end_unanswered_requests
from appointments.services.codes import release_old_codes
from appointments.services.holds import sweep_expired_holds
from appointments.services.paying import end_unpaid
from appointments.services.queueing import end_unanswered, sweep_lines
from appointments.services.seat_wishes import sweep_wishes
from appointments.services.session_rules import make_sessions
from appointments.services.sessions import sweep_sessions
from appointments.services.work import close_no_shows
from booking_site.common.models import AttemptCounter, IdempotencyRecord
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.services import sweep_listing_files, sweep_silent

# A counter of thirty days is asked about for two of its windows.
LONGEST_WINDOW = timedelta(days=61)
HOUR_SECONDS = 3600
# A visit may still run a day after its start, and loads are looked at by the local day.
CLAIMS_KEPT = timedelta(days=3)
CLAIMS_AT_ONCE = 5000


def run_due(*, at: datetime) -> None:
    """Everything whose time has come, each piece in a transaction of its own. Raises an
    ExceptionGroup when all had their turn and some have failed; the next round finds them again."""
    pieces = (
        sweep_expired_holds,
        sweep_silent,
        sweep_lines,
        end_unanswered,
        end_unpaid,
        end_unanswered_requests,
        sweep_sessions,
        sweep_wishes,
        close_no_shows,
        _once_an_hour,
    )
    all_in_turn(partial(piece, at=at) for piece in pieces)


def _once_an_hour(*, at: datetime) -> None:
    """Nobody waits for this, and looking for what is old reads whole tables: once an hour. What
    fails every time must not let the rest grow for ever. New weeks of recurring sessions are made
    with it."""
    if cache.add("appointments.timed.forget", True, HOUR_SECONDS):
        all_in_turn(
            [
                partial(run_in_transaction, partial(forget_expired, at=at)),
                partial(_forget_old_rows, at),
                partial(release_old_codes, at=at),
                partial(_forget_claims, at),
                partial(make_sessions, at=at),
                partial(sweep_listing_files, at=at),
            ]
        )


def _forget_old_rows(at: datetime) -> None:
    answers = IdempotencyRecord.objects.filter(
        created_at__lt=at - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    )
    attempts = AttemptCounter.objects.filter(window_started_at__lt=at - LONGEST_WINDOW)
    for old in (answers, attempts):
        run_in_transaction(old.delete)


def _forget_claims(at: datetime) -> None:
    while run_in_transaction(partial(_forget_some_claims, at)) == CLAIMS_AT_ONCE:
        continue


def _forget_some_claims(at: datetime) -> int:
    """What is long past is not asked for any more; the rows would only make the table slower."""
    past = Claim.objects.filter(cell__lt=cell_of(at - CLAIMS_KEPT))
    old = list(past.values_list("pk", flat=True)[:CLAIMS_AT_ONCE])
    Claim.objects.filter(pk__in=old).delete()
    return len(old)
