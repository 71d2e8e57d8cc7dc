"""Reads the tables and says where a booking and what people are told of it do not belong together.

Nothing is asked of the code that writes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from appointments.models import Appointment, AppointmentEvent
from notifications.models import Delivery, Kind, Notification, OutboxEvent, UserEvent

from .chaos import holes

# Of the log of appointments, to the news of the outbox.
NEWS = {
    "created": Kind.CREATED,
    "queued": Kind.CREATED,
    "cancelled": Kind.CANCELLED,
    "confirmed": Kind.CONFIRMED,
}

Moments = dict[int, set[datetime]]


def broken_promises() -> list[str]:
    """In sentences; empty when all is well. Everybody has an account that is open."""
    return [*holes(), *_news(), *_streams(), *_notifications(), *_letters()]


def _news() -> Iterator[str]:
    """Every appointment was announced once, and its end where it has one; nothing else was."""
    told: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, kind in OutboxEvent.objects.values_list("appointment_id", "kind"):
        told[pk][kind] += 1
    for one in Appointment.objects.all():
        kinds = told.pop(one.pk, Counter())
        if kinds[Kind.CREATED] != 1:
            yield f"appointment {one.pk} was announced {kinds[Kind.CREATED]} times"
        if kinds[Kind.CANCELLED] != (one.status == "cancelled"):
            yield f"appointment {one.pk} is {one.status}; called off {kinds[Kind.CANCELLED]} times"
    yield from (f"there is no appointment {pk} of which there is news" for pk in told)
    logged = set(AppointmentEvent.objects.values_list("appointment_id", flat=True))
    for pk in Appointment.objects.exclude(pk__in=logged).values_list("pk", flat=True):
        yield f"appointment {pk} has no history"


def _streams() -> Iterator[str]:
    """The pages of customers are told to look at each moment at which something has happened, and
    at no other; and those of the realtor of an appointment at the last one."""
    happened: Moments = defaultdict(set)
    for pk, at in OutboxEvent.objects.values_list("appointment_id", "at"):
        happened[pk].add(at)
    heard: dict[tuple[int, int], set[datetime]] = defaultdict(set)
    rows = UserEvent.objects.filter(event="appointment-updated")
    for user_id, pk, at in rows.values_list("user_id", "appointment_id", "created_at"):
        heard[user_id, pk or 0].add(at)
    appointments = {one.pk: one for one in Appointment.objects.select_related("realtor")}
    for one in appointments.values():
        if heard[one.user_id or 0, one.pk] != happened[one.pk]:
            yield f"the customer of {one.pk} was not told exactly what has happened"
        if one.realtor and not heard[one.realtor.user_id or 0, one.pk]:
            yield f"the realtor of {one.pk} was told nothing"
    for user_id, pk in heard:
        if heard[user_id, pk] and (pk not in appointments or not happened[pk]):
            yield f"{user_id} was told of appointment {pk}, which is not there"


def _notifications() -> Iterator[str]:
    """Each has its event under its number, and each such event its notification."""
    rows = set(Notification.objects.values_list("user_id", "u"))
    events = set(UserEvent.objects.filter(event="notification").values_list("user_id", "u"))
    yield from (f"notification {one} has no event" for one in sorted(rows - events))
    yield from (f"event {one} has no notification" for one in sorted(events - rows))
    # Who books hears nothing of their own deed; the realtor is told of it.
    told = set(Notification.objects.values_list("user_id", "appointment_id"))
    for one in Appointment.objects.select_related("realtor").exclude(realtor=None):
        if one.realtor and (one.realtor.user_id, one.pk) not in told:
            yield f"the realtor of {one.pk} has no notification"


def _letters() -> Iterator[str]:
    lone = Delivery.objects.exclude(event__in=OutboxEvent.objects.values("pk"))
    yield from (f"letter {pk} is about nothing" for pk in lone.values_list("pk", flat=True))
