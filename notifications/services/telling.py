"""Telling people on the site: the last thing in the transaction of the news.

Everybody whom a piece of news concerns gets an event in their stream, so that their open pages look
again; whoever did not bring it about themselves gets a notification. Then whoever waits in a line
that has moved hears of their place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from notifications.models import Kind, OutboxEvent
from notifications.presenters.pushes import appointment_frame
from notifications.selectors.audience import concerned
from notifications.selectors.recipients import Recipient

from .notifying import notify
from .places import places_moved
from .streaming import Happening, stream

# What changes nothing for those whose appointment it is.
INSIDE = (Kind.REFUND_STUCK,)


@dataclass(frozen=True)
class Told:
    """A piece of news by its id, and who is to be notified of it."""

    event_id: int
    recipients: tuple[Recipient, ...]


def tell(pending: list[Told]) -> None:
    """All news of one transaction. What a savepoint has rolled back is not there any more."""
    events = _events([one.event_id for one in pending])
    for one in pending:
        event = events.get(one.event_id)
        if event is not None:
            for recipient in _each_once(one.recipients):
                notify(event, recipient, at=event.at)
    _let_pages_look(list(events.values()))
    places_moved(list(events.values()))


def _each_once(recipients: tuple[Recipient, ...]) -> Iterable[Recipient]:
    """A customer whose account has since become its realtor's is told as the customer."""
    return {one.user_id: one for one in reversed(recipients)}.values()


def _events(ids: list[int]) -> dict[int, OutboxEvent]:
    rows = OutboxEvent.objects.select_related(
        "appointment__store",
        "appointment__user",
        "appointment__realtor__user",
        "appointment__listing",
        "appointment__child",
        "appointment__order",
    ).filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by("pk")}


def _let_pages_look(events: Iterable[OutboxEvent]) -> None:
    """One event for each person and appointment, with what has happened last."""
    latest: dict[tuple[int, int], OutboxEvent] = {}
    for event, user_ids in concerned([one for one in events if one.kind not in INSIDE]):
        for user_id in user_ids:
            latest[user_id, event.appointment_id] = event
    for (user_id, appointment_id), event in latest.items():
        realtor = event.appointment.realtor
        is_theirs = user_id in (event.appointment.user_id, realtor.user_id if realtor else None)
        stream(
            Happening(
                user_id=user_id,
                event="appointment-updated",
                payload={"data": appointment_frame(event, is_theirs=is_theirs)},
                at=event.at,
                appointment_id=appointment_id,
            )
        )
