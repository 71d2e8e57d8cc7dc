"""What an account has booked: to come, over, and not yet reviewed."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from appointments.models import Appointment, AppointmentQuerySet, Status
from appointments.models.appointment import LIVE, UPCOMING


def upcoming_of(user: User, *, at: datetime) -> AppointmentQuerySet:
    """What happens now or next comes first; in a live line that is now."""
    return _of(user).filter(_to_come(at)).order_by("-live", "starts_at", "pk")


def past_of(user: User, *, at: datetime) -> AppointmentQuerySet:
    """The last one first."""
    return _of(user).exclude(_to_come(at)).order_by("-starts_at", "-pk")


def to_review_of(user: User) -> AppointmentQuerySet:
    """Completed, and nothing said yet. ``review`` is the other side of Review.appointment: a name,
    not an import, because reviews stand above."""
    done = _of(user).filter(status=Status.COMPLETED, review__isnull=True, code__isnull=False)
    return done.order_by("-starts_at", "-pk")


def _of(user: User) -> AppointmentQuerySet:
    rows = Appointment.objects.filter(user=user)
    return rows.select_related("store", "realtor", "review")


def _to_come(at: datetime) -> Q:
    """Who waits in a live line has no end yet but that of joining."""
    return Q(status__in=LIVE, ends_at__gt=at) | Q(status__in=UPCOMING, live=True)
