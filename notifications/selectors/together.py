"""Which seats are told of in one letter, and what of their money."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum

from appointments.models import Appointment, Status
from notifications.models import Kind, OutboxEvent
from payments.models import Refund, RefundReason

# What happens to all seats of a package at once is one piece of news for people.
AT_ONCE = (Kind.CREATED, Kind.ASSIGNED, Kind.CONFIRMED, Kind.CANCELLED)


def told_together(event: OutboxEvent) -> list[Appointment]:
    """This appointment, or all of its package to which the same happened at the same moment, in
    the order of their starts."""
    appointment = event.appointment
    if appointment.package_id is None or event.kind not in AT_ONCE:
        return [appointment]
    ids = _same(event).values("appointment")
    rows = Appointment.objects.filter(pk__in=ids).select_related("store", "child")
    return list(rows.order_by("starts_at", "pk")) or [appointment]


def is_told_with_another(event: OutboxEvent) -> bool:
    """The letter of an earlier one of its package says it."""
    if event.appointment.package_id is None or event.kind not in AT_ONCE:
        return False
    return _same(event).filter(pk__lt=event.pk).exists()


def is_told_for_the_session(event: OutboxEvent) -> bool:
    """A teacher hears once that a session will not take place, or is to begin, and not once for
    each seat."""
    session_id = event.appointment.session_id
    earlier = OutboxEvent.objects.filter(
        kind=event.kind, appointment__session=session_id, pk__lt=event.pk
    )
    if event.kind == Kind.REMINDER:
        return earlier.filter(facts__turn=event.facts["turn"]).exists()
    return earlier.filter(at=event.at, facts__reason=event.facts["reason"]).exists()


def promised_back(appointments: Iterable[Appointment]) -> Decimal:
    """What goes back because these were called off, whether or not it has arrived."""
    rows = Refund.objects.filter(
        share__appointment__in=[one.pk for one in appointments], reason=RefundReason.CANCELLED
    )
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def booked_there(appointment: Appointment) -> int:
    """Confirmed seats of the same session."""
    rows = Appointment.objects.filter(session=appointment.session_id, status=Status.CONFIRMED)
    return rows.count()


def _same(event: OutboxEvent) -> "QuerySet[OutboxEvent]":
    return OutboxEvent.objects.filter(
        kind=event.kind, at=event.at, appointment__package=event.appointment.package_id
    )
