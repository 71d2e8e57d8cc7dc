"""What an account has booked: to come, over, and not yet reviewed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from appointments.models import (
    Appointment,
    AppointmentQuerySet,
    PaymentStatus,
    SeatWish,
    SessionStatus,
    Status,
)
from appointments.models.appointment import LIVE, UPCOMING

MOST_WISHES = 20


def upcoming_of(user: User, *, at: datetime) -> AppointmentQuerySet:
    """What happens now or next comes first; in a live line that is now. What waits for its payment
    is not among them, and of a package the next one stands for all."""
    before = Appointment.objects.filter(
        _to_come(at), package=OuterRef("package"), starts_at__lt=OuterRef("starts_at")
    )
    rows = _of(user).filter(_to_come(at), ~Exists(before)).exclude(_unpaid())
    return rows.order_by("-live", "starts_at", "pk")


def unpaid_of(user: User) -> AppointmentQuerySet:
    """What waits for its payment; the one that must be paid first comes first."""
    return _of(user).filter(_unpaid()).order_by("pay_before", "starts_at", "pk")


def packages_of(
    appointments: Iterable[Appointment], *, at: datetime
) -> dict[int, list[Appointment]]:
    """By package, of those given: its seats that are still to come. One query, or none."""
    packages = [one.package_id for one in appointments if one.package_id is not None]
    found: dict[int, list[Appointment]] = {pk: [] for pk in packages}
    if packages:
        rows = Appointment.objects.filter(_to_come(at), package__in=packages)
        for one in rows.with_people().order_by("starts_at", "pk"):
            found[one.package_id or 0].append(one)
    return found


def package_of(appointment: Appointment) -> list[Appointment]:
    """What was booked in one go with it, but for itself. One query, or none."""
    if appointment.package_id is None:
        return []
    rows = Appointment.objects.filter(package=appointment.package_id).exclude(pk=appointment.pk)
    return list(rows.with_people().order_by("starts_at", "pk"))


def wishes_of(user: User, *, at: datetime) -> list[SeatWish]:
    """Full sessions whose free place they want to hear of; the soonest first. One query."""
    rows = SeatWish.objects.filter(user=user, session__starts_at__gt=at)
    rows = rows.exclude(session__status=SessionStatus.CANCELLED)
    everything = rows.select_related("session__listing", "session__store", "session__realtor")
    return list(everything.order_by("session__starts_at", "pk")[:MOST_WISHES])


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
    return rows.select_related("store", "realtor", "review", "listing", "child")


def _unpaid() -> Q:
    return Q(status=Status.PENDING, payment_status=PaymentStatus.UNPAID)


def _to_come(at: datetime) -> Q:
    """Who waits in a live line has no end yet but that of joining."""
    return Q(status__in=LIVE, ends_at__gt=at) | Q(status__in=UPCOMING, live=True)
