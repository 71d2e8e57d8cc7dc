"""Taking an appointment from a realtor who will not come, so that it stands in its line again, at
the age it had. Whoever calls these holds the pool and dispatches afterwards."""

from datetime import datetime, timedelta

from appointments import claims, errors
from appointments.events import AppointmentUnassigned
from appointments.models import Action, Appointment, Offer, OfferStatus, Status, SystemReason
from appointments.models.appointment import UPCOMING
from appointments.rules import SOON
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import is_silent
from appointments.services.assignment import close_offer, withdraw_offers
from appointments.services.calling_off import call_off
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Presence, Realtor
from realtors.services import mark_away
from stores.models import Store

# Whoever stops working within this time is not on duty any more.
A_MOMENT = timedelta(minutes=1)


def put_back(appointment: Appointment, *, reason: str, at: datetime) -> int:
    """Back into its line; returns whose it was. The customer's time stays claimed, the realtor's
    is given back. A confirmed one is pending again."""
    realtor_id = appointment.realtor_id
    if realtor_id is None:
        raise errors.InvalidTransition
    announced = appointment.status == Status.CONFIRMED
    withdraw_offers(appointment, at=at)
    claims.release_realtor(appointment, realtor_id)
    if announced:
        changes = {"realtor": None, "confirmed_at": None}
        move(appointment, to=Status.PENDING, by=SYSTEM, at=at, reason=reason, **changes)
    else:
        appointment.realtor = None
        appointment.updated_at = at
        appointment.save(update_fields=["realtor", "updated_at"])
    publish(
        AppointmentUnassigned(
            appointment_id=appointment.pk,
            at=at,
            realtor_id=realtor_id,
            reason=reason,
            announced=announced,
        )
    )
    return realtor_id


def refuse(
    appointment: Appointment,
    offer: Offer | None,
    *,
    as_: OfferStatus,
    by: Actor,
    at: datetime,
    reason: str,
) -> bool:
    """Their answer is no, said (``as_`` declined) or not said (timed out): they are not asked
    again. False when the offer was closed by somebody faster. One whom the customer named is never
    replaced: the appointment is called off."""
    if offer is not None and not close_offer(offer, as_, at=at, reason=reason):
        return False
    action = Action.DECLINED if as_ == OfferStatus.DECLINED else Action.TIMED_OUT
    details = {"realtor_id": appointment.realtor_id}
    write_log(appointment, action, by=by, at=at, reason=reason, details=details)
    if appointment.realtor_named:
        call_off(appointment, by=by, at=at, reason=reason)
    else:
        put_back(appointment, reason=reason, at=at)
    return True


def time_out_offers(store: Store, *, at: datetime) -> set[int]:
    """Offers past their deadline; whoever was online and did not answer is away until the next sign
    of life. Returns the appointments that stand in line again."""
    due = Offer.objects.filter(
        status=OfferStatus.OPEN, deadline_at__lte=at, appointment__store=store
    )
    back = set()
    for offer in due.select_related("appointment__realtor", "realtor").order_by(
        "deadline_at", "pk"
    ):
        appointment = offer.appointment
        appointment.store = store
        refuse(
            appointment,
            offer,
            as_=OfferStatus.TIMED_OUT,
            by=SYSTEM,
            at=at,
            reason=SystemReason.NOT_ANSWERED,
        )
        if offer.realtor.presence == Presence.ONLINE:
            # Of the others nobody said that they would answer now.
            mark_away(offer.realtor_id, at=at)
        back.add(appointment.pk)
    return back


def release_absent(store: Store, picture: Availability, *, at: datetime) -> set[int]:
    """Live customers whose realtor has gone before it began: they stand in line again, with the
    age they had. Returns their ids."""
    back = set()
    for appointment in assigned_live(store):
        assert appointment.realtor is not None
        if _has_gone(appointment.realtor, picture, at) and not _was_given_by_staff(appointment):
            appointment.store = store
            _take_back(appointment, at)
            back.add(appointment.pk)
    return back


def hand_back_live(realtor: Realtor, *, at: datetime) -> set[int]:
    """The live customers of a realtor who goes, as far as it has not begun. Those whom staff had
    given them, too: they chose somebody who was to come. Returns their ids."""
    theirs = Appointment.objects.filter(
        realtor=realtor, live=True, live_key__isnull=False, status__in=UPCOMING
    )
    back = set()
    for appointment in theirs.select_related("store").order_by("queued_at", "pk"):
        _take_back(appointment, at)
        back.add(appointment.pk)
    return back


def _take_back(appointment: Appointment, at: datetime) -> None:
    reason = SystemReason.REALTOR_OFFLINE
    if appointment.status == Status.PENDING:
        # The step from confirmed writes itself down.
        details = {"realtor_id": appointment.realtor_id}
        write_log(appointment, Action.REQUEUED, by=SYSTEM, at=at, reason=reason, details=details)
    put_back(appointment, reason=reason, at=at)


def assigned_live(store: Store) -> list[Appointment]:
    """Live customers with a realtor, who has not begun."""
    rows = Appointment.objects.filter(
        store=store,
        status__in=[Status.PENDING, Status.CONFIRMED],
        live=True,
        realtor__isnull=False,
    )
    return list(rows.select_related("realtor").order_by("queued_at", "pk"))


def hand_back_soon(realtor: Realtor, *, at: datetime) -> set[int]:
    """What a realtor who goes offline was asked for and has not answered, where the start is near:
    somebody else is asked. A realtor the customer named keeps being asked."""
    offers = Offer.objects.filter(
        realtor=realtor,
        status=OfferStatus.OPEN,
        appointment__live=False,
        appointment__realtor_named=False,
        appointment__starts_at__lte=at + SOON,
    )
    back = set()
    for offer in offers.select_related("appointment__store").order_by("pk"):
        refuse(
            offer.appointment,
            offer,
            as_=OfferStatus.DECLINED,
            by=SYSTEM,
            at=at,
            reason=SystemReason.REALTOR_OFFLINE,
        )
        back.add(offer.appointment_id)
    return back


def _was_given_by_staff(appointment: Appointment) -> bool:
    """Who knows better than the rules is not corrected by them; an offer still has a deadline. By
    the log: what was confirmed before has no offer of its own."""
    last = appointment.log.filter(action=Action.ASSIGNED).order_by("-pk").first()
    return last is not None and "staff" in last.details


def _has_gone(realtor: Realtor, picture: Availability, at: datetime) -> bool:
    """Busy is not gone: what was offered stays theirs."""
    if realtor.presence == Presence.OFFLINE:
        return True
    if is_silent(realtor, picture.policy.online_timeout_minutes, at=at):
        return True
    # Whoever may not be booked any more is not in the picture.
    known = realtor.pk in picture.working
    return not known or not picture.works(realtor, Period(at, at + A_MOMENT))
