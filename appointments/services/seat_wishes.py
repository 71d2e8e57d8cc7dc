"""Hearing of a free seat: whoever found a session full may ask to be told."""

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import User
from appointments.errors import SessionNotFound
from appointments.events import SeatFreed
from appointments.models import Appointment, SeatWish, Session, SessionStatus
from appointments.selectors.sessions import SeatState, with_seats
from appointments.services.pools import lock_pool
from booking_site.common.events import publish
from booking_site.common.transactions import all_in_turn, run_in_transaction


@transaction.atomic
def wish_for_seat(session: Session, user: User, *, at: datetime) -> SeatWish:
    """Once a session; a wish that was answered is made anew. Raises SessionNotFound for what cannot
    be booked any more."""
    # The store's line, so that of two presses the second sees what the first has made.
    lock_pool(session.store_id, at=at)
    if not Session.objects.bookable(at).filter(pk=session.pk).exists():
        raise SessionNotFound
    mine, is_new = SeatWish.objects.get_or_create(
        session=session, user=user, defaults={"created_at": at}
    )
    if not is_new and mine.told_at is not None:
        mine.told_at, mine.created_at = None, at
        mine.save(update_fields=["told_at", "created_at"])
    return mine


@transaction.atomic
def forget_wish(session: Session, user: User) -> None:
    SeatWish.objects.filter(session=session, user=user).delete()


def tell_wishers_of(appointment: Appointment, *, at: datetime) -> None:
    """After its seat has been given back."""
    if appointment.session_id is not None:
        tell_wishers([appointment.session_id], at=at)


def tell_wishers(session_ids: list[int], *, at: datetime) -> None:
    """All who wait for a seat of these sessions, where there is one: it goes to whoever is first.
    Each is told once; of what can be booked no more, nobody."""
    waiting = SeatWish.objects.filter(session__in=session_ids, told_at=None)
    sessions = Session.objects.bookable(at).filter(pk__in=waiting.order_by().values("session"))
    for seats in with_seats(list(sessions.select_related("store", "listing")), at=at):
        if seats.state == SeatState.AVAILABLE:
            _tell(seats.session, at)


def _tell(session: Session, at: datetime) -> None:
    rows = SeatWish.objects.filter(session=session, told_at=None)
    told = []
    for pk, user_id in rows.values_list("pk", "user_id"):
        # Of two who tell at once, one does.
        if SeatWish.objects.filter(pk=pk, told_at=None).update(told_at=at):
            told.append(user_id)
    if told:
        publish(SeatFreed(session_id=session.pk, user_ids=tuple(told), at=at))


def sweep_wishes(*, at: datetime) -> None:
    """Whatever way a seat became free (an expired lock tells nobody), those who wait hear of it."""
    open_ones = SeatWish.objects.filter(
        told_at=None, session__status=SessionStatus.OPEN, session__starts_at__gt=at
    )
    ids = sorted(set(open_ones.order_by().values_list("session_id", flat=True)))
    all_in_turn(partial(run_in_transaction, partial(tell_wishers, [pk], at=at)) for pk in ids)
