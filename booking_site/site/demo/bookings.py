"""The demo's appointments, made and led through their lives by the services everybody uses.

Bounded: a wish has one appointment ahead of it at a time. What has passed is finished and booked
anew, until the wish has had its share; from then on its last one is moved ahead instead.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE
from appointments.selectors.slots import Slot, days_of_slots
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, Realtor
from stores.models import Store

from .people import Account
from .remembering import remember
from .reviewing import say_how_it_was
from .wishes import (
    LINE_FIRST,
    LINE_WAITING,
    MAILBOX,
    PAST,
    RUNNING,
    UPCOMING,
    Goal,
    Wish,
)

MOST = {wish.mark: wish.most for wish in (*PAST, *UPCOMING, RUNNING, *LINE_FIRST, *LINE_WAITING)}
# Further than any of the demo's policies let people book, so a search for a start ends.
SEARCH_DAYS = 4


@dataclass(frozen=True)
class Cast:
    """Everybody and every place that a wish may name."""

    stores: dict[str, Store]
    users: dict[Account, User]
    realtors: dict[Account, Realtor]
    houses: Mapping[str, Listing]
    operator: Actor
    at: datetime


def keep_alive(cast: Cast) -> int:
    """Finish what has passed, book what is missing; returns how many appointments were made."""
    made = 0
    counts = _counts()
    if not any(wish.mark in counts for wish in PAST):
        made += sum(_book_past(wish, cast) for wish in PAST)
        run_in_transaction(partial(remember, at=cast.at))
        say_how_it_was(by=cast.operator, at=cast.at)
    ahead = _close_the_past(cast, counts)
    for wish in UPCOMING:
        if wish.mark not in ahead:
            made += _book_ahead(wish, cast, counts)
    if RUNNING.mark not in ahead and counts[RUNNING.mark] < RUNNING.most:
        made += _book_running(RUNNING, cast)
    if not any(wish.mark in ahead for wish in LINE_WAITING):
        made += _form_a_line(cast, counts, ahead)
    return made


def _counts() -> Counter[str]:
    ours = Appointment.objects.filter(customer_email__endswith=f"@{MAILBOX}")
    return Counter(ours.order_by().values_list("customer_email", flat=True))


def _close_the_past(cast: Cast, counts: Counter[str]) -> set[str]:
    """Lead what has passed to its end. The marks of those that still lie ahead, or that have to
    be moved ahead because their wish has had its share."""
    ahead = set()
    ours = Appointment.objects.with_people().filter(
        customer_email__endswith=f"@{MAILBOX}", status__in=LIVE
    )
    for appointment in ours:
        mark = appointment.customer_email
        if appointment.ends_at > cast.at:
            ahead.add(mark)
        elif appointment.status == Status.IN_PROGRESS or not _has_had_its_share(mark, counts):
            with suppress(Refusal):
                # What one of them gave back may have changed another.
                appointment.refresh_from_db()
                _finish(appointment, cast)
    return ahead


def _has_had_its_share(mark: str, counts: Counter[str]) -> bool:
    """Never of who walked in while the demo ran (playing.py): no wish moves them ahead."""
    return mark in MOST and counts[mark] >= MOST[mark]


def _finish(appointment: Appointment, cast: Cast) -> None:
    """As of now, whatever the time it was for: what is freed must not serve the past."""
    by = cast.operator
    if appointment.status == Status.PENDING:
        reason = "没有等到回复"
        _do(partial(services.cancel, appointment, by=by, at=cast.at, reason=reason))
        return
    if appointment.status == Status.CONFIRMED:
        _do(partial(services.start, appointment, by=by, at=cast.at))
    _do(partial(services.complete, appointment, by=by, at=cast.at))


def _book_ahead(wish: Wish, cast: Cast, counts: Counter[str]) -> int:
    start = _free_start(wish, cast, at=cast.at)
    if start is None:
        return 0
    if counts[wish.mark] >= wish.most:
        _move_last(wish, start.starts_at, cast)
        return 0
    return _book(wish, start.starts_at, cast, at=cast.at)


def _book_past(wish: Wish, cast: Cast) -> int:
    """Booked the day before, and led to its end at the times it would have been."""
    asked_at = wish.day_from(cast.at) - timedelta(days=1)
    start = _free_start(wish, cast, at=asked_at)
    if start is None or start.ends_at > cast.at:
        return 0
    return _book(wish, start.starts_at, cast, at=asked_at)


def _book_running(wish: Wish, cast: Cast) -> int:
    """Began on the last full half hour; the store is open at every hour."""
    start = cast.at.replace(minute=cast.at.minute // 30 * 30, second=0, microsecond=0)
    return _book(wish, start, cast, at=start - timedelta(hours=2))


def _form_a_line(cast: Cast, counts: Counter[str], ahead: set[str]) -> int:
    """Take every realtor of one late start, so that the next ones wait for it."""
    start = _free_start(LINE_WAITING[0], cast, at=cast.at)
    if start is None or start.free_realtors > len(LINE_FIRST):
        return 0
    first = [wish for wish in LINE_FIRST if wish.mark not in ahead][: start.free_realtors]
    taking = sum(_take_line_place(wish, start.starts_at, cast, counts) for wish in first)
    if taking < start.free_realtors:
        return taking
    waiting = [wish for wish in LINE_WAITING if counts[wish.mark] < wish.most]
    return taking + sum(_book(wish, start.starts_at, cast, at=cast.at) for wish in waiting)


def _take_line_place(wish: Wish, start: datetime, cast: Cast, counts: Counter[str]) -> int:
    if counts[wish.mark] < wish.most:
        return _book(wish, start, cast, at=cast.at)
    return _move_last(wish, start, cast)


def _free_start(wish: Wish, cast: Cast, *, at: datetime) -> Slot | None:
    """The first start with somebody free from the wished day and time on."""
    store = cast.stores[wish.store.slug]
    realtor = cast.realtors[wish.realtor] if wish.realtor else None
    house = cast.houses.get(wish.house)
    if wish.house and house is None:
        # Somebody has renamed it.
        return None
    days = days_of_slots(
        store,
        first=wish.day_from(cast.at).astimezone(store.zone).date(),
        days=SEARCH_DAYS,
        at=at,
        realtor_id=realtor.pk if realtor else None,
        listing=house,
    )
    for day in days:
        free = [slot for slot in day.slots if slot.available]
        late_enough = [slot for slot in free if f"{slot.starts_at:%H:%M}" >= wish.clock]
        if late_enough:
            return late_enough[0]
    return None


def _book(wish: Wish, start: datetime, cast: Cast, *, at: datetime) -> int:
    """Book it and lead it to its goal. A refusal (somebody took the time) is no mishap here."""
    request = services.BookingRequest(
        store=cast.stores[wish.store.slug],
        starts_at=start,
        customer=cast.users[wish.account] if wish.account else None,
        customer_name=wish.name,
        customer_phone=wish.phone,
        email=wish.mark,
        requirements=wish.note,
        realtor=cast.realtors[wish.realtor] if wish.realtor else None,
        listing=cast.houses.get(wish.house),
    )
    try:
        appointment = run_in_transaction(lambda: services.book(request, by=cast.operator, at=at))
        _lead(appointment, wish.goal, cast, at=at)
    except Refusal:
        return 0
    return 1


def _lead(appointment: Appointment, goal: Goal, cast: Cast, *, at: datetime) -> None:
    by, begins = cast.operator, appointment.starts_at
    answered_at = min(at + timedelta(minutes=2), cast.at)
    if goal in (Goal.PENDING, Goal.WAITING):
        return
    if goal == Goal.REFUSED:
        _let_all_decline(appointment, cast, at=answered_at)
        return
    if goal == Goal.CANCELLED:
        reason = "临时有事，改天再约"
        _do(partial(services.cancel, appointment, by=by, at=answered_at, reason=reason))
        return
    if appointment.status == Status.PENDING:
        _do(partial(services.accept, appointment, by=by, at=answered_at))
    if goal == Goal.NO_SHOW:
        late = begins + timedelta(minutes=20)
        _do(partial(services.mark_no_show, appointment, by=by, at=late))
    elif goal in (Goal.IN_PROGRESS, Goal.COMPLETED):
        _do(partial(services.start, appointment, by=by, at=begins))
    if goal == Goal.COMPLETED:
        _do(partial(services.complete, appointment, by=by, at=appointment.ends_at))


def _let_all_decline(appointment: Appointment, cast: Cast, *, at: datetime) -> None:
    reason = "没有这种配件"
    while appointment.realtor_id is not None:
        _do(partial(services.decline, appointment, by=cast.operator, at=at, reason=reason))


def _move_last(wish: Wish, start: datetime, cast: Cast) -> int:
    """Move the wish's last open appointment there; 1 if there was one."""
    last = (
        Appointment.objects.with_people()
        .filter(customer_email=wish.mark, status__in=[Status.PENDING, Status.CONFIRMED])
        .order_by("-starts_at", "-id")
        .first()
    )
    if last is None:
        return 0
    try:
        _do(partial(services.reschedule, last, starts_at=start, by=cast.operator, at=cast.at))
    except Refusal:
        return 0
    return 1


def _do(work: "partial[Appointment]") -> Appointment:
    return run_in_transaction(work)
