"""Whether a start may be booked at all, whoever is free."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from appointments import errors
from appointments.selectors.availability import Availability
from appointments.selectors.pictures import availability
from appointments.selectors.slots import earliest_start, last_bookable_date
from booking_site.common.errors import Forbidden, Invalid, NotFound
from booking_site.common.periods import Period, local_day
from realtors.models import Listing
from stores.models import Store
from stores.rules import Policy

LONGEST_MINUTES = 24 * 60
# Further than any policy reaches. Beyond, days could fall off the end of the calendar.
FURTHEST = timedelta(days=400)


def require_still_there(store: Store, customer: User | None) -> None:
    """With the pool locked: what was looked up before may be gone. Raises NotFound for a store that
    has closed, Forbidden for an account that has."""
    if not Store.objects.filter(pk=store.pk, is_active=True).exists():
        raise NotFound(errors={"store_id": [str(NotFound.message)]})
    if customer is None:
        return
    # Locked, so that an account is erased before this or after it, and never beside it.
    account = User.objects.select_for_update().filter(pk=customer.pk, is_active=True)
    if account.values_list("pk", flat=True).first() is None:
        raise Forbidden


def keep_as_it_is(listing: Listing) -> None:
    """Nobody changes it until this is written: whose it is, how much has room, what it costs. The
    row alone, after the pool."""
    rows = Listing.objects.select_for_update().filter(pk=listing.pk)
    rows.values_list("pk", flat=True).first()


def checked_start(
    store: Store,
    *,
    starts_at: datetime,
    duration_minutes: int | None,
    at: datetime,
    listing: Listing | None = None,
) -> tuple[Availability, Period]:
    """The picture of that day, as it is for this listing, and the wanted period.

    Raises TooSoon, TooFarAhead, NotOnGrid, StoreClosed, OutsideBusinessHours, or Invalid for a
    duration that is not a multiple of 5 minutes up to a day.
    """
    # A local time would be counted on by its wall clock: an hour could last two, or none.
    starts_at = starts_at.astimezone(UTC)
    if starts_at < at:
        raise errors.TooSoon
    if starts_at > at + FURTHEST:
        raise errors.TooFarAhead
    day = starts_at.astimezone(store.zone).date()
    picture = availability(store, day, day, at=at, listing=listing)
    minutes = usable_minutes(duration_minutes, picture.policy)
    period = Period(starts_at, starts_at + timedelta(minutes=minutes))
    _check_window(picture, period, at)
    return picture, period


def usable_minutes(wanted: int | None, policy: Policy) -> int:
    """The usual length when none is wanted. Raises Invalid for what cells cannot hold."""
    minutes = wanted or policy.default_duration_minutes
    if minutes % 5 or not 5 <= minutes <= LONGEST_MINUTES:
        message = _("Use a multiple of 5 minutes, at most a day.")
        raise Invalid(errors={"duration_minutes": [message]})
    return minutes


def _check_window(picture: Availability, period: Period, at: datetime) -> None:
    wall = period.start.astimezone(picture.hours.zone)
    if period.start < earliest_start(picture, at):
        raise errors.TooSoon
    if wall.date() > last_bookable_date(picture, at):
        raise errors.TooFarAhead
    on_grid = (wall.hour * 60 + wall.minute) % picture.policy.grid_minutes == 0
    if not on_grid or wall.second or wall.microsecond:
        raise errors.NotOnGrid
    if not picture.is_open(period):
        day = local_day(wall.date(), picture.hours.zone)
        if any(opened.overlaps(day) for opened in picture.open_periods):
            raise errors.OutsideBusinessHours
        raise errors.StoreClosed
