"""The lines: whoever waits is served as soon as a suitable realtor is free."""

from collections.abc import Collection
from datetime import date, datetime
from functools import partial

from django.db import transaction

from accounts.models import User
from appointments.models import (
    Action,
    Appointment,
    AppointmentQuerySet,
    Hold,
    Offer,
    OfferStatus,
    PaymentStatus,
    Status,
    SystemReason,
)
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import job_of
from appointments.selectors.pictures import availability
from appointments.services.assignment import assign_to_best, refusals, standings_for
from appointments.services.calling_off import call_off
from appointments.services.passing_on import assigned_live, release_absent, time_out_offers
from appointments.services.pools import drop_expired_holds, lock_pool
from appointments.transitions import write_log
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import all_in_turn, run_in_transaction
from stores.models import Store

# Before everybody else in its line: all who could come have refused.
HEAD_OF_LINE = -1


@transaction.atomic
def dispatch(store: Store, *, at: datetime, also: Collection[int] = ()) -> int:
    """Put right what is due in this store and serve its lines in order of (priority, age); returns
    how many were served.

    Offers past their deadline and live customers whose realtor has gone stand in line again, those
    who waited too long are let go. Idempotent, and safe to call any number of times: call it
    whenever something was released. ``also``: just put back by the caller, and served even where
    nobody would be looked for any more.
    """
    lock_pool(store.pk, at=at)
    back = set(also) | time_out_offers(store, at=at)
    today = at.astimezone(store.zone).date()
    if assigned_live(store):
        back |= release_absent(store, availability(store, today, today, at=at), at=at)
    waiting = list(
        Appointment.objects.queued().filter(store=store).select_related("listing", "order")
    )
    if not waiting:
        return 0
    refused = refusals(waiting)
    chances = [one for one in waiting if one.pk in back or one.served_until >= at]
    served = _serve(store, chances, refused, at)
    for appointment in waiting:
        if appointment.realtor_id is None and appointment.served_until < at:
            appointment.store = store
            unanswered = not appointment.live and bool(refused[appointment.pk])
            _let_go(appointment, unanswered=unanswered, at=at)
    return served


def settle(store: Store, *, at: datetime) -> None:
    """Before anything new is decided: expired holds go, and those in line are served first."""
    lock_pool(store.pk, at=at)
    if drop_expired_holds(store, at):
        dispatch(store, at=at)


def let_go_of_own_holds(user: User, store: Store, *, at: datetime) -> None:
    """A person holds one time (and seats beside it): what they held in this store goes, and whoever
    waited for it is served first. In other stores it ends now, and that store's sweep serves its
    own lines."""
    held = Hold.objects.of_times().filter(user=user)
    held.exclude(store=store).live(at).update(expires_at=at)
    gone, _by_model = held.filter(store=store).delete()
    if gone:
        dispatch(store, at=at)


def sweep_lines(*, at: datetime) -> None:
    """Dispatch every store in which something is due or somebody waits. Whatever should have done
    so has; this finds what a crash or an old snapshot has left, so that no offer outlives its
    deadline and nobody waits beside a free realtor."""
    due = Offer.objects.filter(status=OfferStatus.OPEN, deadline_at__lte=at)
    held = Appointment.objects.filter(
        live=True, live_key__isnull=False, status__in=[Status.PENDING, Status.CONFIRMED]
    )
    waiting = Appointment.objects.queued()
    ids = {
        *due.order_by().values_list("appointment__store", flat=True).distinct(),
        *held.order_by().values_list("store", flat=True).distinct(),
        *waiting.order_by().values_list("store", flat=True).distinct(),
    }
    stores = Store.objects.filter(pk__in=ids).order_by("pk")
    all_in_turn(partial(run_in_transaction, partial(dispatch, store, at=at)) for store in stores)


def end_unanswered(*, at: datetime) -> None:
    """Bookings whose start has come without an answer and without anybody being asked any more."""
    late = _unanswered(at).order_by().values_list("store", flat=True)
    stores = Store.objects.filter(pk__in=set(late)).order_by("pk")
    all_in_turn(partial(run_in_transaction, partial(_end, store, at)) for store in stores)


def _unanswered(at: datetime) -> AppointmentQuerySet:
    """What was not paid is another matter (see paying.end_unpaid)."""
    rows = Appointment.objects.filter(
        status=Status.PENDING, live=False, realtor__isnull=False, starts_at__lte=at
    )
    return rows.exclude(payment_status=PaymentStatus.UNPAID)


def _end(store: Store, at: datetime) -> None:
    lock_pool(store.pk, at=at)
    for appointment in _unanswered(at).filter(store=store).select_related("store"):
        call_off(
            appointment,
            by=SYSTEM,
            at=at,
            reason=SystemReason.NOT_ANSWERED,
            offers=OfferStatus.TIMED_OUT,
        )
    # A realtor's time that ran out unanswered may serve another line.
    dispatch(store, at=at)


def _serve(
    store: Store, waiting: list[Appointment], refused: dict[int, set[int]], at: datetime
) -> int:
    open_to_it = [one for one in waiting if one.live or one.starts_at > at]
    if not open_to_it:
        return 0
    first, last = _days(open_to_it, store, at)
    # After what was released above: what is free now, not before.
    picture = availability(store, first, last, at=at)
    standing = standings_for(open_to_it, picture, at=at)
    served = 0
    for appointment in open_to_it:
        appointment.store = store
        excluded = refused[appointment.pk]
        there = picture.of(appointment.listing).towards(appointment.destination)
        if assign_to_best(appointment, there, at=at, excluded=excluded, standing=standing):
            served += 1
        elif excluded and not appointment.needs_person:
            _ask_for_a_person(appointment, there, excluded, at)
    return served


def _days(waiting: list[Appointment], store: Store, at: datetime) -> tuple[date, date]:
    days = [(at if one.live else one.starts_at).astimezone(store.zone).date() for one in waiting]
    return min(days), max(days)


def _ask_for_a_person(
    appointment: Appointment, picture: Availability, refused: set[int], at: datetime
) -> None:
    """When everybody who works then has refused."""
    working = {realtor.pk for realtor in picture.at_work(job_of(appointment, at=at).period)}
    if not working <= refused:
        return
    appointment.needs_person, appointment.priority = True, HEAD_OF_LINE
    appointment.save(update_fields=["needs_person", "priority"])
    write_log(appointment, Action.NEEDS_PERSON, by=SYSTEM, at=at)


def _let_go(appointment: Appointment, *, unanswered: bool, at: datetime) -> None:
    reason = SystemReason.NOT_ANSWERED if unanswered else SystemReason.QUEUE_TIMEOUT
    call_off(appointment, by=SYSTEM, at=at, reason=reason, offers=OfferStatus.TIMED_OUT)
