"""How many seats one account may keep from others: locks and bookings cost nothing until they are
paid, and whoever did not mean to come could keep a whole course empty with them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from appointments.models import Appointment, AppointmentQuerySet, PaymentStatus, Status
from appointments.models.appointment import UPCOMING
from booking_site.common.errors import Invalid, TooMany

# For oneself and one's children.
MOST_OF_A_SESSION = 10
# Each a seat, or a package.
MOST_UNPAID = 10
MOST_GIVEN_UP = 30
A_DAY = timedelta(days=1)


def require_fair_share(appointment: Appointment, *, at: datetime) -> None:
    """Of a customer who books for themself; the seat is in the books already. Raises Invalid for
    too many of one session, TooMany for too many that wait for their payment, or did in vain (the
    demo counts none of those)."""
    mine = Appointment.objects.filter(user=appointment.user_id)
    of_this = mine.filter(session=appointment.session_id, status__in=UPCOMING)
    if of_this.count() > MOST_OF_A_SESSION:
        message = _("At most %(count)s places of one session, please. Ask the store for more.")
        raise Invalid(message % {"count": MOST_OF_A_SESSION})
    if not appointment.awaits_payment or settings.RATE_LIMIT_GENEROUS:
        return
    unpaid = mine.filter(session__isnull=False, payment_status=PaymentStatus.UNPAID)
    given_up = unpaid.filter(status=Status.CANCELLED, cancelled_at__gt=at - A_DAY)
    if _goes(unpaid.filter(status=Status.PENDING)) > MOST_UNPAID:
        raise TooMany(retry_after=60)
    if _goes(given_up) >= MOST_GIVEN_UP:
        raise TooMany(retry_after=3600)


def require_fair_share_of_stays(appointment: Appointment, *, at: datetime) -> None:
    """The same of nights; a place has few units, and a pet of one's own is quickly made up. Raises
    TooMany for too many stays that wait for their payment, or did in vain, or for their sitter."""
    if settings.RATE_LIMIT_GENEROUS:
        return
    mine = Appointment.objects.stays().filter(user=appointment.user_id)
    open_ones = mine.filter(status=Status.PENDING)
    given_up = mine.filter(
        payment_status=PaymentStatus.UNPAID,
        status=Status.CANCELLED,
        cancelled_at__gt=at - A_DAY,
    )
    if open_ones.count() > MOST_UNPAID:
        raise TooMany(retry_after=60)
    if given_up.count() >= MOST_GIVEN_UP:
        raise TooMany(retry_after=3600)


def _goes(rows: AppointmentQuerySet) -> int:
    """A package is booked in one go."""
    return len({(package, None if package else pk) for package, pk in _parts(rows)})


def _parts(rows: AppointmentQuerySet) -> list[tuple[int | None, int]]:
    return list(rows.order_by().values_list("package_id", "pk"))
