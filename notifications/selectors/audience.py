"""Whose open pages show an appointment."""

from collections.abc import Iterator

from accounts.models import User
from notifications.models import OutboxEvent
from realtors.models import Realtor


def concerned(events: list[OutboxEvent]) -> Iterator[tuple[OutboxEvent, set[int]]]:
    """Each piece of news with the accounts of the customer, of the realtor, and of the realtor it
    names, who may have lost it; closed accounts have no pages open. One query."""
    named = {event.facts["realtor_id"] for event in events if "realtor_id" in event.facts}
    losers = Realtor.objects.filter(pk__in=named, user__is_active=True)
    users = dict(losers.values_list("pk", "user_id"))
    for event in events:
        appointment = event.appointment
        realtor = appointment.realtor
        people = {
            _open(appointment.user),
            _open(realtor.user if realtor else None),
            users.get(event.facts.get("realtor_id")),
        }
        yield event, {pk for pk in people if pk is not None}


def _open(user: User | None) -> int | None:
    return user.pk if user and user.is_active else None
