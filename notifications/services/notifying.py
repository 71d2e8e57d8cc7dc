"""A notification for one person: its row, and its frame in their stream."""

from datetime import datetime
from typing import Any

from django.utils import translation

from notifications.models import (
    Delivery,
    Kind,
    Letter,
    Notification,
    OutboxEvent,
    Role,
    Type,
)
from notifications.presenters.pushes import (
    detail_for_who_lost_it,
    detail_of,
    notification_frame,
    told_of,
)
from notifications.selectors.recipients import Recipient
from notifications.selectors.standing import holds

from .streaming import Happening, stream

LONGEST_TITLE, LONGEST_CONTENT = 200, 1000
TYPES = {
    Letter.BOOKED: Type.CREATED,
    Letter.ASKED: Type.CREATED,
    Letter.CONFIRMED: Type.CONFIRMED,
    Letter.CANCELLED: Type.CANCELLED,
    Letter.REMINDER: Type.REMINDER,
    Letter.REALTOR_CHANGED: Type.REASSIGNED,
    Letter.TAKEN_AWAY: Type.REASSIGNED,
    Letter.RESCHEDULED: Type.RESCHEDULED,
    Letter.HOW_WAS_IT: Type.REVIEW,
    Letter.REVIEWED: Type.REVIEW,
    Letter.REPLIED: Type.REVIEW,
    Letter.TO_PAY: Type.CREATED,
    Letter.RECEIPT: Type.PAYMENT,
    Letter.PAYMENT_FAILED: Type.PAYMENT,
    Letter.REFUNDED: Type.PAYMENT,
    Letter.REFUND_STUCK: Type.PAYMENT,
    Letter.CHECKED_IN: Type.CHECKED_IN,
    Letter.VIEWING_FEEDBACK: Type.VIEWING_FEEDBACK,
    Letter.PAID: Type.PAYMENT,
    Letter.CANCEL_ASKED: Type.CANCEL_REQUESTED,
    Letter.CANCEL_CHANGED: Type.CANCEL_REQUEST_CHANGED,
    Letter.DISPUTE: Type.CANCEL_REQUEST_CHANGED,
}


def notify(event: OutboxEvent, to: Recipient, *, at: datetime) -> bool:
    """Of this piece of news, in the words of its letter. False when it holds no more, or nobody is
    there to read it."""
    if to.user_id is None:
        return False
    letter = Delivery(
        event=event, role=to.role, recipient_id=to.recipient_id, letter=to.letter, locale=to.locale
    )
    if not holds(letter, at=at):
        return False
    with translation.override(_language_of(event, to)):
        title, content, link = told_of(letter, at=at)
    send_notification(
        Notification(
            user_id=to.user_id,
            type=type_of(event, to),
            event=event,
            appointment=event.appointment,
            title=title,
            content=content,
            link=link,
            created_at=at,
        ),
        detail=_detail(event, to),
    )
    return True


def _detail(event: OutboxEvent, to: Recipient) -> dict[str, Any]:
    if to.letter == Letter.TAKEN_AWAY:
        return detail_for_who_lost_it(event)
    return detail_of(event.appointment)


def _language_of(event: OutboxEvent, to: Recipient) -> str:
    """In which they read the site now; a booking remembers that of its day, for letters."""
    customer = event.appointment.user
    return customer.locale if customer and customer.pk == to.user_id else to.locale


def send_notification(
    row: Notification,
    *,
    detail: dict[str, Any] | None = None,
    conversation_id: int | None = None,
) -> None:
    """Saved with its number at the end of this transaction. ``detail``: of the appointment;
    ``conversation_id``: of which it speaks."""
    row.title, row.content = row.title[:LONGEST_TITLE], row.content[:LONGEST_CONTENT]
    row.detail = detail or {}
    frame = notification_frame(row, row.detail)
    stream(
        Happening(
            user_id=row.user_id,
            event="notification",
            payload=frame,
            at=row.created_at,
            appointment_id=row.appointment_id,
            conversation_id=conversation_id,
            notification=row,
        )
    )


def type_of(event: OutboxEvent, to: Recipient) -> Type:
    """Document 1's numbers where they fit. A realtor who is asked, or given what was booked this
    very moment, hears of a new appointment."""
    if to.role == Role.REALTOR and to.letter == Letter.CONFIRMED:
        if event.at == event.appointment.created_at or _is_first_heard(event):
            return Type.CREATED
        return Type.REASSIGNED if event.kind == Kind.ASSIGNED else Type.CONFIRMED
    return TYPES[Letter(to.letter)]


def _is_first_heard(event: OutboxEvent) -> bool:
    """What confirms itself once it is paid: nobody had asked its provider."""
    appointment = event.appointment
    if event.kind != Kind.CONFIRMED:
        return False
    if appointment.is_order:
        return appointment.paid_at == event.at
    if not (appointment.is_seat or appointment.is_stay):
        return False
    return not OutboxEvent.objects.filter(appointment=appointment, kind=Kind.ASSIGNED).exists()
