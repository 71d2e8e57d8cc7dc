"""The appointment itself: starting, finishing, and the customer who did not come."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from appointments import claims
from appointments.errors import CustomerConflict, InvalidTransition, SlotTaken
from appointments.events import AppointmentCompleted, AppointmentNoShow, AppointmentStarted
from appointments.models import Action, Appointment, Status, SystemReason
from appointments.permissions import decides_on, require_provider_or_staff
from appointments.rules import START_EARLY, cell_of, cell_start
from appointments.services.cancel_requests import contest_no_show, leave_to_staff
from appointments.services.pools import lock_pool
from appointments.services.presence import saw_realtor
from appointments.services.queueing import dispatch
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.events import publish
from booking_site.common.periods import Period, day_start
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.models import ListingKind
from stores.selectors import policies_of

# Past its end, the work of an order that nobody has said to be done.
LEFT_RUNNING = timedelta(days=1)


@transaction.atomic
def start(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Confirmed → in progress, from 15 minutes before the start; a live customer at once, whose own
    time is claimed from here on; pets from the date of their check-in on. Raises SlotTaken,
    CustomerConflict for what else they do now."""
    _open(appointment, by, at)
    if appointment.live and appointment.status == Status.CONFIRMED:
        _claim_from_now(appointment, at)
    elif appointment.status == Status.CONFIRMED and at < may_begin(appointment):
        message = _("It can be started from 15 minutes before its time.")
        if appointment.is_stay:
            message = _("Pets can be checked in from the day of their check-in on.")
        raise InvalidTransition(message, errors={"start": ["too_early"]})
    move(appointment, to=Status.IN_PROGRESS, by=by, at=at)
    publish(AppointmentStarted(appointment_id=appointment.pk, at=at))
    if saw_realtor(appointment, by=by, at=at):
        dispatch(appointment.store, at=at)
    return appointment


@transaction.atomic
def complete(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """In progress → completed. What is left of the claimed time is free at once."""
    _open(appointment, by, at)
    move(appointment, to=Status.COMPLETED, by=by, at=at)
    publish(AppointmentCompleted(appointment_id=appointment.pk, at=at))
    leave_to_staff(appointment, at=at)
    _free_the_rest(appointment, by, at)
    return appointment


@transaction.atomic
def mark_no_show(
    appointment: Appointment, *, by: Actor, at: datetime, reason: str = ""
) -> Appointment:
    """Confirmed → no-show, not before the start. Of a paid order staff decide what goes back,
    unless it was they who found so: its provider alone would keep the money by it."""
    _open(appointment, by, at)
    if appointment.status == Status.CONFIRMED and at < appointment.starts_at:
        raise InvalidTransition(
            _("Nobody has failed to come before the start."), errors={"no_show": ["too_early"]}
        )
    move(appointment, to=Status.NO_SHOW, by=by, at=at, reason=reason)
    publish(AppointmentNoShow(appointment_id=appointment.pk, at=at))
    leave_to_staff(appointment, at=at)
    if appointment.is_order and not decides_on(by, appointment):
        contest_no_show(appointment, at=at)
    _free_the_rest(appointment, by, at)
    return appointment


def _open(appointment: Appointment, by: Actor, at: datetime) -> None:
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_provider_or_staff(by, appointment)


def may_begin(appointment: Appointment) -> datetime:
    """From when on it can be started: 15 minutes before its time, a stay on its day."""
    if appointment.check_in is not None:
        return day_start(appointment.check_in, appointment.store.zone)
    return appointment.starts_at - START_EARLY


def _free_the_rest(appointment: Appointment, by: Actor, at: datetime) -> None:
    saw_realtor(appointment, by=by, at=at)
    if appointment.is_stay:
        claims.release_nights(appointment, at.astimezone(appointment.store.zone).date())
    else:
        claims.release_from(appointment, cell_of(at))
    dispatch(appointment.store, at=at)


def _claim_from_now(appointment: Appointment, at: datetime) -> None:
    """Work off the grid: from the cell that contains now, for as long as realtor and customer are
    not promised elsewhere. What was claimed with the offer is given back."""
    assert appointment.realtor_id is not None
    length = timedelta(minutes=appointment.duration_minutes)
    after = timedelta(minutes=appointment.buffer_after_minutes)
    claims.release(appointment)
    keys = claims.customer_keys(appointment.user, guest_phone=appointment.customer_phone)
    realtor = claims.for_realtor(appointment.realtor_id, Period(at, at + length + after))
    customer = claims.for_customer(keys, Period(at, at + length))
    until = claims.free_until([*realtor, *customer], at=at)
    here = cell_of(at)
    if until.get(realtor[0].resource, here + 1) <= here:
        raise SlotTaken(_("This realtor is with somebody else at the moment."))
    if any(until.get(one.resource, here + 1) <= here for one in customer):
        raise CustomerConflict
    ends_at = min([at + length, *(cell_start(cell) for cell in until.values())])
    # What is claimed is what the row says: shorter work ends the realtor's time earlier, and where
    # they are promised soon after it they have less time to themselves.
    free_at = ends_at + after
    if realtor[0].resource in until:
        free_at = min(free_at, cell_start(until[realtor[0].resource]))
    wanted = claims.for_realtor(appointment.realtor_id, Period(at, free_at))
    wanted += claims.for_customer(keys, Period(at, ends_at))
    try:
        claims.take(appointment, wanted, at=at)
    except claims.Refused as error:
        raise SlotTaken from error
    appointment.starts_at, appointment.ends_at = at, ends_at
    appointment.buffer_after_minutes = (free_at - ends_at) // timedelta(minutes=1)
    appointment.sequence += 1
    appointment.save(update_fields=["starts_at", "ends_at", "buffer_after_minutes", "sequence"])


def close_no_shows(*, at: datetime) -> None:
    """Confirmed visits that nobody has begun, some time after their end (by the store's policy).
    Who sat in a session was there unless its teacher says otherwise. Who ordered a service waited
    at home: that nobody came, or that it was forgotten to be said, is for staff to find out; and so
    is work that nobody has said to be done a day later."""
    begun = Q(status=Status.IN_PROGRESS, listing__kind=ListingKind.SERVICE)
    left = Q(status=Status.CONFIRMED) | Q(begun, ends_at__lte=at - LEFT_RUNNING)
    over = Appointment.objects.filter(left, ends_at__lte=at, session=None)
    # Asked for already.
    over = over.exclude(listing__kind=ListingKind.SERVICE, needs_person=True)
    found = list(over.select_related("store"))
    policies = policies_of([one.store for one in found]) if found else {}
    ended_by = {
        one.pk: at - timedelta(minutes=policies[one.store_id].no_show_after_minutes)
        for one in found
    }
    due = [one for one in found if one.ends_at <= ended_by[one.pk]]
    all_in_turn(
        partial(run_in_transaction, partial(_close, one, ended_by[one.pk], at)) for one in due
    )


def _close(appointment: Appointment, ended_by: datetime, at: datetime) -> None:
    """Unless somebody has begun it in between, or it was given a later time."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    if appointment.ends_at > ended_by:
        return
    if appointment.is_order:
        _ask_staff(appointment, at)
        return
    try:
        mark_no_show(appointment, by=SYSTEM, at=at, reason=SystemReason.NOT_STARTED)
    except InvalidTransition:
        return


def _ask_staff(appointment: Appointment, at: datetime) -> None:
    reasons = {
        Status.CONFIRMED: SystemReason.NOT_STARTED,
        Status.IN_PROGRESS: SystemReason.NOT_FINISHED,
    }
    reason = reasons.get(Status(appointment.status))
    if reason is None or appointment.needs_person:
        return
    appointment.needs_person = True
    appointment.save(update_fields=["needs_person"])
    write_log(appointment, Action.NEEDS_PERSON, by=SYSTEM, at=at, reason=reason)
