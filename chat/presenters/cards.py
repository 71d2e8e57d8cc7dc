"""An appointment as cards tell of it, to programs: of a conversation, of messages, in frames."""

from typing import Any

from appointments.models import Appointment, CancelRequest
from appointments.selectors.orders import order_of
from chat.selectors.about import people_of

from .notes import sort_of


def card_of(appointment: Appointment | None, user_id: int) -> dict[str, Any] | None:
    """For the two whose it is now: whoever it was taken from sees no more of it."""
    if appointment is None or user_id not in people_of(appointment):
        return None
    return card_data(appointment)


def card_data(appointment: Appointment) -> dict[str, Any]:
    """``orderId`` is the appointment's id, as everywhere; ``about`` says what it is: ``stay``,
    ``viewing``, ``seat``, ``order`` or ``time``. What only orders of services have is null for the
    others."""
    starts_at = appointment.starts_local if appointment.is_timed else None
    listing = appointment.listing
    return {
        "orderId": str(appointment.pk),
        "appointmentCode": appointment.code,
        "status": appointment.status,
        "statusDisplay": appointment.get_status_display(),
        "startsAt": starts_at.isoformat() if starts_at else None,
        "durationMinutes": appointment.duration_minutes,
        "storeId": str(appointment.store_id),
        "storeName": appointment.store.name,
        "realtorName": appointment.realtor.name if appointment.realtor else None,
        "listingId": str(listing.pk) if listing else None,
        "listingTitle": listing.title if listing else None,
        "about": sort_of(appointment),
        "checkIn": appointment.check_in.isoformat() if appointment.check_in else None,
        "checkOut": appointment.check_out.isoformat() if appointment.check_out else None,
        "petNames": [one.name for one in appointment.stay_pets.all()]
        if appointment.is_stay
        else [],
        "awaitsPayment": _awaits_payment(appointment),
        **_of_order(appointment),
    }


def _awaits_payment(appointment: Appointment) -> bool:
    """Of an order also once it is confirmed: mostly it is paid then."""
    return appointment.is_payable if appointment.is_order else appointment.awaits_payment


def _of_order(appointment: Appointment) -> dict[str, Any]:
    order = order_of(appointment)
    if not appointment.is_order:
        names = ("orderNumber", "totalAmount", "isProposal", "currency", "cancelRequest")
        return dict.fromkeys(names)
    return {
        "orderNumber": order.number if order else None,
        "totalAmount": float(appointment.final_price),
        "isProposal": appointment.has_proposal,
        "currency": appointment.currency,
        "cancelRequest": _request_data(pending_request(appointment)),
    }


def pending_request(appointment: Appointment) -> CancelRequest | None:
    """Of an order that is shown (chat.selectors.about): the wish to call it off that is not
    settled."""
    return next(iter(getattr(appointment, "pending_requests", ())), None)


def _request_data(request: CancelRequest | None) -> dict[str, Any] | None:
    if request is None:
        return None
    return {
        "askedBy": request.side,
        "state": request.state,
        "answerBefore": request.answer_before.isoformat(),
    }
