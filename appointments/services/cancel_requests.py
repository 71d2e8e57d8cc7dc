"""What becomes of a wish to call an order off, whoever decides it; pool locked."""

from datetime import datetime
from decimal import Decimal

from appointments.events import CancelRequestChanged
from appointments.models import (
    Action,
    Appointment,
    CancelRequest,
    PaymentStatus,
    RequestState,
    Side,
)
from appointments.transitions import write_log
from booking_site.common.actors import SYSTEM
from booking_site.common.events import publish


def pending_request(appointment: Appointment) -> CancelRequest | None:
    """The one that is not settled, if there is one."""
    return CancelRequest.objects.pending().filter(appointment=appointment).first()


def settle_request(appointment: Appointment, request: CancelRequest, state: RequestState) -> None:
    request.state, request.open_key = state, None
    request.save()
    _set_needs_person(appointment, False)


def put_before_staff(appointment: Appointment, request: CancelRequest, *, at: datetime) -> None:
    request.state = RequestState.DISPUTED
    request.save()
    _set_needs_person(appointment, True)
    write_log(appointment, Action.DISPUTED, by=SYSTEM, at=at)
    tell_of(request, at=at)


def overtake(appointment: Appointment) -> None:
    """The order was called off another way."""
    request = pending_request(appointment) if appointment.is_order else None
    if request is not None:
        settle_request(appointment, request, RequestState.OVERTAKEN)


def leave_to_staff(appointment: Appointment, *, at: datetime) -> None:
    """The order is over. Who provided it no longer wants to call it off; what its customer asked
    for is not lost by that: staff say what goes back."""
    if not appointment.is_order:
        return
    request = pending_request(appointment)
    if request is None:
        _set_needs_person(appointment, False)
    elif request.side == Side.PROVIDER:
        settle_request(appointment, request, RequestState.OVERTAKEN)
    elif request.state == RequestState.OPEN:
        put_before_staff(appointment, request, at=at)


def contest_no_show(appointment: Appointment, *, at: datetime) -> None:
    """One side says that the other was not there, and keeps the money by it: staff look at what
    was paid, as if the customer had asked."""
    is_paid = appointment.payment_status == PaymentStatus.PAID
    if not is_paid or pending_request(appointment) is not None:
        return
    request = CancelRequest.objects.create(
        appointment=appointment,
        open_key=appointment.pk,
        side=Side.CUSTOMER,
        asked_at=at,
        answer_before=at,
    )
    put_before_staff(appointment, request, at=at)


def tell_of(request: CancelRequest, *, at: datetime, refund: Decimal = Decimal(0)) -> None:
    publish(
        CancelRequestChanged(
            appointment_id=request.appointment_id,
            at=at,
            request_id=request.pk,
            state=str(request.state),
            refund=refund,
        )
    )


def _set_needs_person(appointment: Appointment, needed: bool) -> None:
    if appointment.needs_person != needed:
        appointment.needs_person = needed
        appointment.save(update_fields=["needs_person"])
