"""Whether a letter still says the truth at the moment it would be sent."""

from datetime import datetime

from appointments.models import Appointment, Offer, OfferStatus, Status, ViewingFeedback
from appointments.models.appointment import UPCOMING
from notifications.models import (
    Channel,
    Delivery,
    DeliveryStatus,
    Device,
    DropReason,
    Letter,
    OutboxEvent,
    Role,
)
from notifications.selectors.of_requests import request_of, still_so
from reviews.models import Review

# Those that describe what was arranged; the newer one says all that the older one would.
NEWER = {
    Letter.BOOKED: (Letter.CONFIRMED, Letter.RESCHEDULED),
    # Again: taken over by somebody else, after whoever had said yes to a live customer was gone.
    Letter.CONFIRMED: (Letter.CONFIRMED, Letter.RESCHEDULED),
    Letter.RESCHEDULED: (Letter.RESCHEDULED,),
    Letter.VIEWING_FEEDBACK: (Letter.VIEWING_FEEDBACK,),
}
# What has been paid and what goes back stays so.
OF_MONEY = (Letter.RECEIPT, Letter.REFUNDED, Letter.REFUND_STUCK)
OF_REQUESTS = (Letter.CANCEL_ASKED, Letter.CANCEL_CHANGED, Letter.DISPUTE)
# Those that are about a time to come.
AHEAD = (
    Letter.BOOKED,
    Letter.CONFIRMED,
    Letter.REALTOR_CHANGED,
    Letter.RESCHEDULED,
    Letter.REMINDER,
)


def why_not(delivery: Delivery, *, at: datetime) -> DropReason | None:
    """Why it need not be sent any more; None when it holds."""
    appointment = delivery.event.appointment
    if delivery.channel == Channel.EMAIL:
        forgotten = delivery.role == Role.CUSTOMER and not appointment.customer_email
        if forgotten or not delivery.address:
            return DropReason.FORGOTTEN
    if delivery.channel == Channel.PUSH and not _is_there(delivery.device):
        return DropReason.NO_DEVICE
    if not holds(delivery, at=at):
        return DropReason.UNTRUE
    return DropReason.SUPERSEDED if _is_superseded(delivery) else None


def holds(delivery: Delivery, *, at: datetime) -> bool:
    """Whether what it says is so now."""
    appointment = delivery.event.appointment
    letter, facts = Letter(delivery.letter), delivery.event.facts
    if letter in AHEAD and not _is_ahead(appointment, at):
        return False
    if letter == Letter.ASKED:
        return _is_asked(delivery, at)
    if letter == Letter.TAKEN_AWAY:
        return appointment.realtor_id != delivery.recipient_id
    if letter == Letter.REALTOR_CHANGED:
        return appointment.realtor_id != facts["realtor_id"]
    if letter == Letter.CANCELLED:
        return appointment.status == Status.CANCELLED
    if letter in OF_MONEY:
        return True
    if letter in (Letter.TO_PAY, Letter.PAYMENT_FAILED):
        return _is_to_be_paid(appointment, at)
    if letter in OF_REQUESTS and not _is_so_with_request(delivery.event, letter, at):
        return False
    if letter == Letter.DISPUTE:
        return True
    if letter == Letter.CHECKED_IN and appointment.status != Status.IN_PROGRESS:
        return False
    if letter == Letter.VIEWING_FEEDBACK and not _is_said(appointment):
        return False
    if letter == Letter.HOW_WAS_IT:
        completed = appointment.status == Status.COMPLETED and appointment.code is not None
        return completed and not Review.objects.filter(appointment=appointment).exists()
    if letter in (Letter.REVIEWED, Letter.REPLIED):
        return Review.objects.shown().filter(pk=facts["review_id"]).exists()
    if letter == Letter.CONFIRMED and appointment.status != Status.CONFIRMED:
        return False
    if letter == Letter.REMINDER:
        same_start = datetime.fromisoformat(facts["starts_at"]) == appointment.starts_at
        if not same_start or appointment.realtor_id is None:
            return False
    return delivery.role == Role.CUSTOMER or appointment.realtor_id == delivery.recipient_id


def _is_to_be_paid(appointment: Appointment, at: datetime) -> bool:
    """An order that is confirmed has no time to be paid by."""
    limit = appointment.pay_before
    if limit is None:
        return appointment.is_order and appointment.is_payable
    return appointment.awaits_payment and at < limit


def _is_so_with_request(event: OutboxEvent, letter: Letter, at: datetime) -> bool:
    in_time = letter != Letter.CANCEL_ASKED or at < request_of(event).answer_before
    return in_time and still_so(event)


def _is_said(appointment: Appointment) -> bool:
    return ViewingFeedback.objects.filter(appointment=appointment).exists()


def _is_there(device: Device | None) -> bool:
    return device is not None and device.disabled_at is None


def _is_ahead(appointment: Appointment, at: datetime) -> bool:
    """A live customer has no start of their own; the time is when they are called."""
    to_come = appointment.live or at < appointment.starts_at
    return to_come and appointment.status in UPCOMING


def _is_asked(delivery: Delivery, at: datetime) -> bool:
    return Offer.objects.filter(
        appointment=delivery.event.appointment_id,
        realtor=delivery.recipient_id,
        status=OfferStatus.OPEN,
        deadline_at__gt=at,
    ).exists()


def _is_superseded(delivery: Delivery) -> bool:
    newer = NEWER.get(Letter(delivery.letter), ())
    return Delivery.objects.filter(
        pk__gt=delivery.pk,
        channel=delivery.channel,
        device_key=delivery.device_key,
        event__appointment=delivery.event.appointment_id,
        role=delivery.role,
        recipient_id=delivery.recipient_id,
        letter__in=newer,
        status__in=[DeliveryStatus.PENDING, DeliveryStatus.SENT],
    ).exists()
