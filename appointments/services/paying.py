"""What payment means for an appointment. Who takes the money stands above this app and calls."""

from datetime import datetime
from functools import partial

from django.db import transaction

from appointments.events import AppointmentConfirmed, AppointmentPaid
from appointments.models import (
    Action,
    Appointment,
    AppointmentQuerySet,
    PaymentStatus,
    Status,
    SystemReason,
)
from appointments.services.assignment import put_before
from appointments.services.calling_off import call_off
from appointments.services.ordering import on_confirming
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.services.seat_wishes import tell_wishers_of
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.events import publish
from booking_site.common.transactions import all_in_turn, run_in_transaction
from stores.models import Store


@transaction.atomic
def note_paid(appointment: Appointment, *, at: datetime) -> bool:
    """What was due has been paid: it is confirmed, or put before its provider, unless it was an
    order that is confirmed already. False when that comes too late or was so already; then the
    money must go back.

    While it still waits, a payment counts: nobody else has the place.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    if not appointment.is_payable:
        return False
    appointment.payment_status = PaymentStatus.PAID
    appointment.paid_at, appointment.pay_before, appointment.updated_at = at, None, at
    appointment.save(update_fields=["payment_status", "paid_at", "pay_before", "updated_at"])
    write_log(appointment, Action.PAID, by=SYSTEM, at=at)
    publish(AppointmentPaid(appointment_id=appointment.pk, at=at))
    if appointment.status == Status.PENDING:
        confirm_or_ask(appointment, at=at)
    return True


@transaction.atomic
def note_refunded(appointment: Appointment, *, by: Actor, at: datetime) -> None:
    """Money has gone back, all of it or what the policy leaves."""
    paid = Appointment.objects.filter(pk=appointment.pk, payment_status=PaymentStatus.PAID)
    if paid.update(payment_status=PaymentStatus.REFUNDED, updated_at=at):
        appointment.refresh_from_db()
        write_log(appointment, Action.REFUNDED, by=by, at=at)


def confirm_or_ask(appointment: Appointment, *, at: datetime) -> None:
    """With nothing left to pay: confirmed by itself, or put before its provider; pool locked."""
    listing = appointment.listing
    if appointment.realtor_id is None:
        # Whoever was to do it has gone meanwhile: the next who is free is asked.
        dispatch(appointment.store, at=at)
    elif listing is not None and not listing.needs_approval:
        move(appointment, to=Status.CONFIRMED, by=SYSTEM, at=at, **on_confirming(appointment))
        publish(AppointmentConfirmed(appointment_id=appointment.pk, at=at))
    else:
        put_before(appointment, at=at)


def end_unpaid(*, at: datetime) -> None:
    """Call off what was not paid in time, store by store."""
    stores = Store.objects.filter(
        pk__in=set(Appointment.objects.overdue(at).order_by().values_list("store_id", flat=True))
    )
    all_in_turn(
        partial(run_in_transaction, partial(_end, store, at)) for store in stores.order_by("pk")
    )


def _end(store: Store, at: datetime) -> None:
    lock_pool(store.pk, at=at)
    _call_off(Appointment.objects.overdue(at).filter(store=store), at)
    dispatch(store, at=at)


def end_overdue(store_id: int, *, at: datetime) -> bool:
    """The same before anything new is decided, so that what ran out blocks nobody, whose seat or
    whose time it is; pool locked. Whether there was any."""
    return _call_off(Appointment.objects.overdue(at).filter(store=store_id), at)


def settle_payments(store: Store, *, at: datetime) -> None:
    """Before a time is given to somebody new: what was not paid is over, and those in line are
    served first; pool locked."""
    if end_overdue(store.pk, at=at):
        dispatch(store, at=at)


def _call_off(overdue: AppointmentQuerySet, at: datetime) -> bool:
    called_off = False
    for appointment in overdue.select_related("store").order_by("pk"):
        # With one of a package the others have gone, too.
        appointment.refresh_from_db(fields=["status", "payment_status"])
        if appointment.awaits_payment:
            call_off(appointment, by=SYSTEM, at=at, reason=SystemReason.NOT_PAID)
            tell_wishers_of(appointment, at=at)
            called_off = True
    return called_off
