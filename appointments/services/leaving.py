"""When a person leaves: the customer who erases an account, the realtor who no longer works."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from appointments import claims
from appointments.errors import (
    CancelTooLate,
    OrderUnderWay,
    PetsStillThere,
    RequestUnsettled,
)
from appointments.events import AppointmentUnassigned
from appointments.models import (
    Appointment,
    AppointmentEvent,
    CancelRequest,
    Hold,
    Order,
    PaymentStatus,
    RealtorReason,
    SeatWish,
    Session,
    Status,
    StayPet,
    SystemReason,
    ViewingFeedback,
)
from appointments.models.appointment import UPCOMING
from appointments.selectors.costs import cost_of_cancelling
from appointments.selectors.pictures import availability
from appointments.services.assignment import assign_to_best, refused_by, withdraw_offers
from appointments.services.cancelling import cancel_now, require_before_cutoff
from appointments.services.passing_on import hand_back_live
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.services.session_checks import yet_to_begin
from appointments.services.sessions import call_off_session
from booking_site.common.actors import SYSTEM
from booking_site.common.edits import forget_names
from booking_site.common.events import publish
from realtors.models import ListingKind, Realtor


@transaction.atomic
def forget_customer(user: User, *, at: datetime) -> None:
    """Call off what is to come, give the held times back, and take the person out of the books:
    rows, times and money stay; name, phone, mail and wishes go. Raises PetsStillThere,
    OrderUnderWay, RequestUnsettled."""
    mine = Appointment.objects.filter(user=user)
    held_in = Hold.objects.filter(user=user).values_list("store_id", flat=True)
    # Whoever stands in a live line waits on, however long ago they joined it.
    ahead = mine.filter(Q(ends_at__gt=at) | Q(live=True), status__in=UPCOMING)
    there = mine.stays().filter(status__in=[*UPCOMING, Status.IN_PROGRESS])
    # Those that are over, too: calling them off can still be asked for.
    orders = mine.filter(listing__kind=ListingKind.SERVICE)
    # All pools first and in one order, so that two who leave do not wait for each other.
    concerned = (
        held_in,
        *(rows.values_list("store_id", flat=True) for rows in (ahead, there, orders)),
    )
    for store_id in sorted({store_id for rows in concerned for store_id in rows}):
        lock_pool(store_id, at=at)
    if there.filter(status=Status.IN_PROGRESS).exists():
        raise PetsStillThere
    if orders.filter(status=Status.IN_PROGRESS).exists():
        raise OrderUnderWay
    if CancelRequest.objects.pending().filter(appointment__in=mine).exists():
        raise RequestUnsettled
    for appointment in ahead.select_related("store", "realtor"):
        # With one of an unpaid package the others have gone, too.
        appointment.refresh_from_db(fields=["status", "payment_status"])
        if appointment.status not in UPCOMING:
            continue
        fee = _fee_of_leaving(appointment, at)
        reason = SystemReason.ACCOUNT_ERASED
        cancel_now(appointment, by=SYSTEM, at=at, reason=reason, fee=fee)
    SeatWish.objects.filter(user=user).delete()
    for held in list(Hold.objects.filter(user=user).select_related("store")):
        held.delete()
        dispatch(held.store, at=at)
    # What people wrote goes; that we called it off, and why, stays.
    mine.exclude(cancel_reason__in=SystemReason.values).update(cancel_reason="")
    _forget_reasons(AppointmentEvent.objects.filter(appointment__in=mine))
    StayPet.objects.filter(appointment__in=mine).update(name="", species="")
    ViewingFeedback.objects.filter(appointment__in=mine).update(note="")
    Order.objects.filter(appointment__in=mine).update(address="", latitude=None, longitude=None)
    CancelRequest.objects.filter(appointment__in=mine).update(reason="", answer="", decision="")
    mine.update(
        customer_name="",
        customer_phone="",
        customer_email="",
        requirements="",
        customer_note="",
        provider_note="",
        updated_at=at,
    )
    forget_names(Appointment, mine.values_list("pk", flat=True))


def _fee_of_leaving(appointment: Appointment, at: datetime) -> Decimal:
    """Leaving is the customer's own doing: the fee is what it would have been; all that was paid of
    what they could not have called off any more. An order always can be, for what it costs."""
    if appointment.is_order:
        return cost_of_cancelling(appointment, at).amount
    try:
        require_before_cutoff(appointment, "cancel_cutoff_minutes", at)
    except CancelTooLate:
        if appointment.payment_status == PaymentStatus.PAID:
            return appointment.due_now
    return cost_of_cancelling(appointment, at).amount


def _forget_reasons(log: QuerySet[AppointmentEvent]) -> None:
    """Our own reasons stay, and the code of a realtor's without their words. The log is added to
    and never edited otherwise; ``details`` hold ids, moments and codes, nothing people wrote."""
    written = log.exclude(reason="").exclude(reason__in=[*SystemReason, *RealtorReason])
    for code in RealtorReason.values:
        written.filter(reason__startswith=f"{code}: ").update(reason=code)
    written.update(reason="")


@transaction.atomic
def hand_on(realtor: Realtor, *, at: datetime) -> None:
    """Everything this realtor has promised goes to a colleague who is free then, or is called off
    so that nobody travels to a closed door. A realtor the customer named is not replaced."""
    lock_pool(realtor.store_id, at=at)
    # Whoever is free next comes instead.
    back = hand_back_live(realtor, at=at)
    promised = Appointment.objects.filter(
        realtor=realtor, session=None, live=False, status__in=UPCOMING, ends_at__gt=at
    )
    for appointment in promised.select_related("store").order_by("queued_at", "id"):
        if appointment.realtor_named or not _to_a_colleague(appointment, realtor, at):
            cancel_now(appointment, by=SYSTEM, at=at, reason=SystemReason.REALTOR_LEFT)
    # After that: the time they leave free must not serve others before what was promised.
    _call_off_sessions(realtor, at)
    Hold.objects.filter(realtor=realtor).delete()
    dispatch(realtor.store, at=at, also=back)


def _call_off_sessions(realtor: Realtor, at: datetime) -> None:
    """Nobody else holds somebody's course. What has begun takes place."""
    coming = yet_to_begin(Session.objects.filter(realtor=realtor), at)
    for session in coming.select_related("listing", "store", "realtor"):
        call_off_session(session, by=SYSTEM, at=at, reason=SystemReason.REALTOR_LEFT)


def _to_a_colleague(appointment: Appointment, leaving: Realtor, at: datetime) -> bool:
    """Reassign, keeping status and age. False when nobody else is free then."""
    day = appointment.starts_local.date()
    picture = availability(appointment.store, day, day, at=at).of(appointment.listing)
    picture = picture.towards(appointment.destination)
    excluded = refused_by(appointment) | {leaving.pk}
    withdraw_offers(appointment, at=at)
    claims.release_realtor(appointment, leaving.pk)
    if not assign_to_best(appointment, picture, at=at, excluded=excluded):
        return False
    publish(AppointmentUnassigned(appointment_id=appointment.pk, at=at, realtor_id=leaving.pk))
    return True
