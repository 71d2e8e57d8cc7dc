"""Six-digit codes: drawn at random, unique among all that hold one, never a secret."""

import logging
import secrets
from datetime import datetime, timedelta
from functools import partial

from appointments.models import Appointment
from booking_site.common.errors import Unavailable
from booking_site.common.transactions import run_in_transaction

log = logging.getLogger(__name__)

SPACE = 1_000_000
# With half the space held, 40 draws fail together once in 10^12.
DRAWS = 40
ALARMING_SHARE = 0.5
KEPT_AFTER_THE_END = timedelta(days=90)
AT_ONCE = 1000


def draw_code() -> str:
    """A code nobody holds now; the unique key still decides if two draw the same at once."""
    for _draw in range(DRAWS):
        code = f"{secrets.randbelow(SPACE):06d}"
        if not Appointment.objects.filter(code=code).exists():
            return code
    raise Unavailable


def release_old_codes(*, at: datetime) -> None:
    """Give back what ended 90 days ago, some at a time so that nobody waits for long, and say so
    loudly when half of the space is held after that."""
    while run_in_transaction(partial(_release_some, at)) == AT_ONCE:
        continue
    share = held_share()
    if share >= ALARMING_SHARE:
        log.error("%.0f %% of the six-digit codes are held", share * 100)


def held_share() -> float:
    """How much of the space is held, from 0 to 1."""
    return Appointment.objects.filter(code__isnull=False).count() / SPACE


def _release_some(at: datetime) -> int:
    ended = Appointment.objects.filter(code__isnull=False, ends_at__lt=at - KEPT_AFTER_THE_END)
    old = list(ended.order_by("ends_at").values_list("pk", flat=True)[:AT_ONCE])
    Appointment.objects.filter(pk__in=old).update(code=None)
    return len(old)
