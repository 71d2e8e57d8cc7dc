"""What may be opened as a session at all, whoever wants it."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from appointments import errors
from appointments.models import Session
from appointments.rules import CELL_SECONDS
from appointments.selectors.sessions import Conflict, conflicts_of
from booking_site.common.errors import Invalid
from realtors.models import Listing

LONGEST_MINUTES = 24 * 60
MOST_SEATS = 500
FURTHEST = timedelta(days=730)


def check_figures(listing: Listing, minutes: int, seats: int, modifier: Decimal) -> None:
    """Raises Invalid, by field."""
    problems = {}
    if minutes % 5 or not 5 <= minutes <= LONGEST_MINUTES:
        problems["duration_minutes"] = [_("Use a multiple of 5 minutes, at most a day.")]
    if not 1 <= seats <= MOST_SEATS:
        problems["capacity"] = [_("From 1 to %(most)s seats.") % {"most": MOST_SEATS}]
    if listing.price + modifier < 0:
        problems["price_modifier"] = [_("The price cannot be below nothing.")]
    if problems:
        raise Invalid(errors=problems)


def check_start(starts_at: datetime, at: datetime) -> None:
    """Raises TooSoon, TooFarAhead, NotOnGrid for what is not on a cell of five minutes."""
    if starts_at <= at:
        raise errors.TooSoon
    if starts_at > at + FURTHEST:
        raise errors.TooFarAhead
    if int(starts_at.timestamp()) % CELL_SECONDS or starts_at.microsecond:
        raise errors.NotOnGrid


def check_hours(session: Session, override: bool) -> None:
    """Raises StoreClosed, OutsideBusinessHours, TeacherAway, unless somebody knows better."""
    if override:
        return
    # Not saved yet, so it has no id: nobody else has none.
    conflict = next(iter(conflicts_of([session]).values()), None)
    if conflict == Conflict.CLOSED:
        raise errors.StoreClosed
    if conflict == Conflict.OUTSIDE_HOURS:
        raise errors.OutsideBusinessHours
    if conflict == Conflict.AWAY:
        raise errors.TeacherAway
