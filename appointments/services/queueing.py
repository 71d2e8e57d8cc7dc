"""The lines: whoever waits is served as soon as a suitable realtor is free."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.models import User
from appointments.models import Appointment, Hold, OfferStatus, Status, SystemReason
from appointments.selectors.pictures import availability
from appointments.services.assignment import assign_to_best, refusals
from appointments.services.calling_off import call_off
from appointments.services.pools import drop_expired_holds, lock_pool
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import all_in_turn, run_in_transaction
from stores.models import Store

# The longest lead time a policy may ask for (stores.models.policy).
LONGEST_LEAD_TIME = timedelta(days=7)
# What decides whether it is too late.
EXPIRY = ("store_id", "realtor_id", "starts_at", "policy")


@transaction.atomic
def dispatch(store: Store, *, at: datetime) -> int:
    """Serve the store's lines in order of (priority, age); returns how many were served.

    Idempotent and safe to call any number of times. Call it whenever something was released.
    """
    lock_pool(store.pk, at=at)
    line = Appointment.objects.queued().filter(store=store)
    waiting = [one for one in line if one.served_until >= at]
    if not waiting:
        return 0
    zone = store.zone
    days = sorted(one.starts_at.astimezone(zone).date() for one in waiting)
    picture = availability(store, days[0], days[-1], at=at)
    refused = refusals(waiting)
    served = 0
    for appointment in waiting:
        appointment.store = store
        served += assign_to_best(appointment, picture, at=at, excluded=refused[appointment.pk])
    return served


def settle(store: Store, *, at: datetime) -> None:
    """Before anything new is decided: expired holds go, and those in line are served first."""
    lock_pool(store.pk, at=at)
    if drop_expired_holds(store, at):
        dispatch(store, at=at)


def let_go_of_own_holds(user: User, store: Store, *, at: datetime) -> None:
    """A person holds one time: what they held in this store goes, and whoever waited for it is
    served first. In other stores it ends now, and that store's sweep serves its own lines."""
    held = Hold.objects.filter(user=user)
    held.exclude(store=store).live(at).update(expires_at=at)
    gone, _by_model = held.filter(store=store).delete()
    if gone:
        dispatch(store, at=at)


def expire_waiters(*, at: datetime) -> None:
    """End the waiting of those whose start is too near for anybody to come, and of bookings whose
    realtor never answered before the start."""
    soon = at + LONGEST_LEAD_TIME
    pending = Appointment.objects.filter(status=Status.PENDING, starts_at__lt=soon).order_by()
    late = [one for one in pending.only(*EXPIRY) if _is_over(one, at)]
    stores = Store.objects.filter(pk__in={one.store_id for one in late})
    all_in_turn(partial(run_in_transaction, partial(_expire, store, at)) for store in stores)


def serve_lines(*, at: datetime) -> None:
    """Dispatch every store in which somebody waits. Whatever should have done so has; this finds
    what a crash or an old snapshot has left, so that nobody waits beside a free realtor."""
    waiting = Appointment.objects.queued().filter(starts_at__gte=at).order_by()
    stores = Store.objects.filter(pk__in=waiting.values("store").distinct())
    all_in_turn(partial(run_in_transaction, partial(dispatch, store, at=at)) for store in stores)


def _is_over(appointment: Appointment, at: datetime) -> bool:
    if appointment.realtor_id is None:
        return appointment.served_until < at
    return appointment.starts_at <= at


def _expire(store: Store, at: datetime) -> None:
    lock_pool(store.pk, at=at)
    pending = Appointment.objects.filter(status=Status.PENDING, store=store)
    for appointment in pending.filter(starts_at__lt=at + LONGEST_LEAD_TIME):
        if not _is_over(appointment, at):
            continue
        in_line = appointment.realtor_id is None
        reason = SystemReason.QUEUE_TIMEOUT if in_line else SystemReason.NOT_ANSWERED
        call_off(appointment, by=SYSTEM, at=at, reason=reason, offers=OfferStatus.TIMED_OUT)
    # A realtor's time that ran out unanswered may serve another line.
    dispatch(store, at=at)
