"""What may be opened as a session at all, and by whom."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from appointments import errors
from appointments.models import Appointment, Session, SessionQuerySet, Status
from appointments.models.session import TAKES_PLACE
from appointments.rules import CELL_SECONDS
from appointments.selectors.sessions import Conflict, conflicts_of
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden, Invalid, NotFound
from realtors.models import Listing, ListingKind, Realtor

LONGEST_MINUTES = 24 * 60
MOST_SEATS = 500
# Far beyond what a seat may cost, and within what is kept of it.
MOST_ADDED = 10_000_000
FURTHEST = timedelta(days=730)


def runs_sessions(by: Actor, listing: Listing) -> bool:
    """The teacher, those who run the store, or the system itself."""
    if by.kind == ActorKind.SYSTEM:
        return True
    return by.user is not None and Listing.objects.run_by(by.user).filter(pk=listing.pk).exists()


def course_run_by(by: Actor, listing: Listing) -> Listing:
    """As it is, and stays until the transaction ends: whose it is must not change beside this.
    Raises NotFound (also when it has gone to another store, whose pool is not locked), Forbidden,
    Invalid without a teacher."""
    rows = Listing.objects.select_for_update().filter(store=listing.store_id)
    found = rows.filter(pk=listing.pk, kind=ListingKind.COURSE).first()
    if found is None:
        raise NotFound
    if not runs_sessions(by, found):
        raise Forbidden
    if not Realtor.objects.bookable().filter(listings=found).exists():
        raise Invalid(_("This teacher does not work here any more."))
    return found


def yet_to_begin(sessions: SessionQuerySet, at: datetime) -> SessionQuerySet:
    """Of these, what takes place and has begun for nobody: it can be called off."""
    begun = Appointment.objects.filter(session__isnull=False, status=Status.IN_PROGRESS)
    coming = sessions.filter(status__in=TAKES_PLACE, starts_at__gt=at)
    return coming.exclude(pk__in=begun.values("session"))


def check_figures(listing: Listing, minutes: int, seats: int, modifier: Decimal) -> None:
    """Raises Invalid, by field."""
    problems = {}
    if minutes % 5 or not 5 <= minutes <= LONGEST_MINUTES:
        problems["duration_minutes"] = [_("Use a multiple of 5 minutes, at most a day.")]
    if not 1 <= seats <= MOST_SEATS:
        problems["capacity"] = [_("From 1 to %(most)s seats.") % {"most": MOST_SEATS}]
    if abs(modifier) > MOST_ADDED:
        problems["price_modifier"] = [_("At most %(most)s.") % {"most": f"{MOST_ADDED:,}"}]
    elif listing.price + modifier < 0:
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
