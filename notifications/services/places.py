"""Places in line, told to whoever waits with an account when theirs has changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.presenters import times
from appointments.selectors.lines import Line, queue_positions
from appointments.selectors.waits import estimated_waits
from notifications.models import Channel, Kind, Notification, OutboxEvent, ToldPlace, Type
from notifications.presenters.pushes import detail_of, place_frame
from notifications.selectors.wishes import Wishes, wishes_of

from .notifying import send_notification
from .pushing import push
from .streaming import Happening, stream

# Who is told later than that has been called, or is next no longer.
USEFUL = timedelta(minutes=15)
# What may move others in a line, or begin or end a wait.
MOVING = (Kind.CREATED, Kind.ASSIGNED, Kind.UNASSIGNED, Kind.RESCHEDULED, Kind.CANCELLED)


def places_moved(events: list[OutboxEvent]) -> None:
    """After these pieces of news. Two queries where nobody with an account waits there."""
    moving = [event for event in events if event.kind in MOVING]
    if not moving:
        return
    lines = {line for event in moving for line in _lines_of(event)}
    stores = {line[0] for line in lines}
    waiting = [row for row in _waiting(store__in=stores) if _line_of(row) in lines]
    gone = [event.appointment for event in moving if not event.appointment.is_waiting]
    tell_places(waiting, gone=gone, at=max(event.at for event in moving))


def compare_places(*, at: datetime) -> None:
    """Everybody's, against what they were told: for what moved a line without any news."""
    told = Appointment.objects.filter(told_place__isnull=False).select_related("store")
    gone = [row for row in told if not row.is_waiting]
    tell_places(list(_waiting()), gone=gone, at=at)


def tell_places(
    waiting: list[Appointment], *, gone: Iterable[Appointment] = (), at: datetime
) -> None:
    """Those ``waiting`` whose place is another than they were told; those ``gone`` from a line,
    that they wait no more."""
    left = {row.pk: row for row in gone if row.user_id}
    ids = [*left, *(row.pk for row in waiting)]
    told = dict(ToldPlace.objects.filter(pk__in=ids).values_list("pk", "position"))
    positions = queue_positions(waiting)
    moved = [row for row in waiting if told.get(row.pk) != positions[row.pk]]
    waits = estimated_waits(moved, at=at)
    for row in moved:
        _tell(row, positions[row.pk], waits[row.pk], at)
    first = [row for row in moved if positions[row.pk] == 1 and told.get(row.pk, 0) > 1]
    wishes = wishes_of(row.user_id for row in first)
    for row in first:
        _say_who_is_next(row, wishes, at)
    served = [row for pk, row in left.items() if pk in told]
    for row in served:
        _tell(row, 0, None, at)
    _write_down({row.pk: positions[row.pk] for row in moved}, told, [row.pk for row in served])


def _write_down(places: dict[int, int], told: dict[int, int], served: list[int]) -> None:
    rows = [ToldPlace(pk=pk, position=position) for pk, position in sorted(places.items())]
    if served:
        ToldPlace.objects.filter(pk__in=served).delete()
    # Those who compare by the clock may write the same at this moment; their next round is right.
    new = [row for row in rows if row.pk not in told]
    ToldPlace.objects.bulk_create(new, ignore_conflicts=True)
    ToldPlace.objects.bulk_update([row for row in rows if row.pk in told], ["position"])


def _waiting(**where: object) -> "Iterable[Appointment]":
    rows = Appointment.objects.queued().filter(user__isnull=False, **where)
    return rows.select_related("store", "user", "realtor")


def _lines_of(event: OutboxEvent) -> set[Line]:
    appointment = event.appointment
    lines = {_line_of(appointment)}
    previous = event.facts.get("previous_start")
    if previous and not appointment.live:
        start = datetime.fromisoformat(previous)
        lines.add((appointment.store_id, appointment.listing_id, start))
    return lines


def _line_of(row: Appointment) -> Line:
    if row.live:
        return row.store_id, None, None
    return row.store_id, row.listing_id, row.starts_at


def _tell(row: Appointment, position: int, wait: int | None, at: datetime) -> None:
    assert row.user_id is not None
    stream(
        Happening(
            user_id=row.user_id,
            event="queue-updated",
            payload={"data": place_frame(row, position, wait)},
            at=at,
            appointment_id=row.pk,
        )
    )


def _next_in_words(row: Appointment, at: datetime) -> tuple[str, str]:
    """Of a line for a start the time is what matters: nobody is called."""
    if row.live:
        return (
            _("You are next in line at %(store)s") % {"store": row.store.name},
            _("Please stay nearby: you are called as soon as somebody is free."),
        )
    known = {"when": times.spoken(row.starts_at, row.store.zone, at), "store": row.store.name}
    return (
        _("You are first in line for %(when)s at %(store)s") % known,
        _("As soon as somebody becomes free, the time is yours; you need not do anything."),
    )


def _say_who_is_next(row: Appointment, wishes: Wishes, at: datetime) -> None:
    """The one move that is worth a notification, and a push."""
    assert row.user_id is not None
    assert row.user is not None
    with translation.override(row.user.locale):
        title, content = _next_in_words(row, at)
    notification = Notification(
        user_id=row.user_id,
        type=Type.QUEUE_MOVED,
        appointment=row,
        title=title,
        content=content,
        link=f"/appointments/{row.code}/",
        created_at=at,
    )
    if wishes.allow(row.user_id, Type.QUEUE_MOVED.kind, Channel.IN_APP):
        send_notification(notification, detail=detail_of(row))
    if wishes.allow(row.user_id, Type.QUEUE_MOVED.kind, Channel.PUSH):
        push(notification, useful_until=at + USEFUL)
