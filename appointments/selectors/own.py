"""What an account has booked: to come, over, and not yet reviewed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, prefetch_related_objects

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
    return _of(user).filter(_is_next(at)).order_by("-live", "starts_at", "pk")


def past_of(user: User, *, at: datetime) -> AppointmentQuerySet:
    """The last one first."""
    return _of(user).exclude(_to_come(at)).order_by("-starts_at", "-pk")


def to_review_of(user: User) -> AppointmentQuerySet:
    """Completed, and nothing said yet."""
    return _of(user).filter(_is_to_review()).order_by("-starts_at", "-pk")


def counts_of(user: User, *, at: datetime) -> dict[str, int]:
    """How many there are of ``upcoming``, ``past`` and ``review``. One query."""
    return Appointment.objects.filter(user=user).aggregate(
        upcoming=Count("pk", filter=_is_next(at)),
        past=Count("pk", filter=~_to_come(at)),
        review=Count("pk", filter=_is_to_review()),
    )


def unpaid_and_packages(
    user: User, appointments: Iterable[Appointment], *, at: datetime
) -> tuple[list[Appointment], dict[int, list[Appointment]]]:
    """What waits for its payment, the one that must be paid first before the others; and of the
    packages of those given, by package, the seats that are still to come. One query, two where a
    stay is among them."""
    packages = {one.package_id for one in appointments if one.package_id is not None}
    wanted = _unpaid() | (_to_come(at) & Q(package__in=packages))
    unpaid: list[Appointment] = []
    found: dict[int, list[Appointment]] = {pk: [] for pk in packages}
    for one in _of(user).filter(wanted).order_by("pay_before", "starts_at", "pk"):
        if one.awaits_payment:
            unpaid.append(one)
        elif one.package_id is not None:
            found[one.package_id].append(one)
    return with_pets(unpaid), found


def with_pets(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Stays among them know which pets come. One query, or none where there is no stay."""
    rows = list(appointments)
    prefetch_related_objects([one for one in rows if one.is_stay], "stay_pets")
    return rows


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


def _of(user: User) -> AppointmentQuerySet:
    rows = Appointment.objects.filter(user=user)
    return rows.select_related("store", "realtor", "review", "listing__store", "child", "order")


def _is_next(at: datetime) -> Q:
    before = Appointment.objects.filter(
        _to_come(at), package=OuterRef("package"), starts_at__lt=OuterRef("starts_at")
    )
    return _to_come(at) & ~_unpaid() & ~Q(Exists(before))


def _is_to_review() -> Q:
    """``review`` is the other side of Review.appointment: a name, not an import, because reviews
    stand above."""
    return Q(status=Status.COMPLETED, review__isnull=True, code__isnull=False)


def _unpaid() -> Q:
    return Q(status=Status.PENDING, payment_status=PaymentStatus.UNPAID)


def _to_come(at: datetime) -> Q:
    """Who waits in a live line has no end yet but that of joining."""
    return Q(status__in=LIVE, ends_at__gt=at) | Q(status__in=UPCOMING, live=True)
