"""A confirmed order is called off when both sides want it: one asks, the other answers; where they
do not agree, staff decide."""

from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import errors
from appointments.models import (
    Action,
    Appointment,
    CancelRequest,
    PaymentStatus,
    RequestState,
    Side,
)
from appointments.permissions import decides_on, require_party, side_of
from appointments.rules import share_of
from appointments.selectors.costs import cost_of_cancelling
from appointments.selectors.order_policy import answer_within
from appointments.selectors.orders import latest_request, may_complain
from appointments.services.calling_off import NO_FEE
from appointments.services.cancel_requests import (
    pending_request,
    put_before_staff,
    settle_request,
    tell_of,
)
from appointments.services.cancelling import BINDING, cancel_now
from appointments.services.pools import lock_pool
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.transactions import all_in_turn, run_in_transaction

LONGEST_REASON = 200


@transaction.atomic
def ask_to_cancel(
    appointment: Appointment, *, by: Actor, at: datetime, reason: str = ""
) -> CancelRequest:
    """One side wants to call a confirmed order off. Where the other side has asked already, they
    agree. Asking again changes nothing. Of paid work that is done the customer may say, for a week
    and once, that it was not right: staff decide what goes back.

    Raises ProofRequired, Forbidden; InvalidTransition for what is no order, not confirmed yet or
    over; Invalid.
    """
    side = _open(appointment, by, at)
    if side == Side.CUSTOMER and may_complain(appointment, latest_request(appointment), at):
        return _complain(appointment, by=by, at=at, reason=reason)
    if appointment.status not in BINDING:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    before = pending_request(appointment)
    if before is not None:
        if before.side != side:
            _agree(appointment, before, by=by, at=at)
        return before
    request = CancelRequest.objects.create(
        appointment=appointment,
        open_key=appointment.pk,
        side=side,
        reason=_words(reason, "reason"),
        asked_at=at,
        answer_before=at + answer_within(),
    )
    write_log(appointment, Action.CANCEL_ASKED, by=by, at=at, reason=request.reason)
    tell_of(request, at=at)
    return request


@transaction.atomic
def answer_cancel_request(
    appointment: Appointment, *, agree: bool, by: Actor, at: datetime, reason: str = ""
) -> CancelRequest:
    """The other side's word. A yes calls the order off, also while staff look at it; a no leaves
    it to them. What the customer had asked for costs by the policy they booked under, as of when
    they asked; what the provider had asked for costs nothing.

    Raises ProofRequired, Forbidden (for the side that asked, too), InvalidTransition where nobody
    has asked or it is settled.
    """
    side = _open(appointment, by, at)
    request = _require_pending(appointment)
    if request.side == side:
        raise Forbidden(_("The other side answers this."))
    if agree:
        _agree(appointment, request, by=by, at=at)
        return request
    if request.state != RequestState.OPEN:
        raise errors.InvalidTransition(
            _("Staff decide this now."), errors={"state": [request.state]}
        )
    request.answer, request.answered_at = _words(reason, "reason"), at
    write_log(appointment, Action.CANCEL_REFUSED, by=by, at=at, reason=request.answer)
    put_before_staff(appointment, request, at=at)
    return request


@transaction.atomic
def take_back_request(appointment: Appointment, *, by: Actor, at: datetime) -> CancelRequest:
    """The side that asked no longer wants to. Raises as ``answer_cancel_request`` does."""
    side = _open(appointment, by, at)
    request = _require_pending(appointment)
    if request.side != side:
        raise Forbidden
    settle_request(appointment, request, RequestState.TAKEN_BACK)
    write_log(appointment, Action.CANCEL_TAKEN_BACK, by=by, at=at)
    tell_of(request, at=at)
    return request


@transaction.atomic
def decide_request(
    appointment: Appointment,
    *,
    call_off: bool,
    refund_percent: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> CancelRequest:
    """Of those who look after the whole site: the order is called off or stands, and so much of
    what was paid goes back to the customer. Both sides read the reason.

    Raises Forbidden, Invalid; InvalidTransition where nothing is to be decided, or what is over
    were to be called off.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    if not decides_on(by, appointment):
        raise Forbidden
    request = _require_pending(appointment)
    if not 0 <= refund_percent <= 100:
        raise Invalid(errors={"refund_percent": [_("From 0 to 100, please.")]})
    words = _words(reason, "reason")
    if not words:
        raise Invalid(errors={"reason": [_("Please say why; both sides are told.")]})
    if call_off and appointment.status not in BINDING:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    request.decision, request.decided_by, request.decided_at = words, by.user, at
    paid = appointment.due_now if appointment.payment_status == PaymentStatus.PAID else Decimal(0)
    back = share_of(paid, refund_percent, appointment.currency)
    settle_request(
        appointment, request, RequestState.CALLED_OFF if call_off else RequestState.STANDS
    )
    details = {"called_off": call_off, "refund_percent": refund_percent}
    write_log(appointment, Action.DECIDED, by=by, at=at, reason=words, details=details)
    tell_of(request, at=at, refund=Decimal(0) if call_off else back)
    if call_off:
        cancel_now(appointment, by=by, at=at, reason=request.reason or words, fee=paid - back)
    return request


def _complain(appointment: Appointment, *, by: Actor, at: datetime, reason: str) -> CancelRequest:
    words = _words(reason, "reason")
    if not words:
        raise Invalid(errors={"reason": [_("Please say what was not right.")]})
    request = CancelRequest.objects.create(
        appointment=appointment,
        open_key=appointment.pk,
        side=Side.CUSTOMER,
        reason=words,
        asked_at=at,
        answer_before=at,
    )
    write_log(appointment, Action.CANCEL_ASKED, by=by, at=at, reason=words)
    put_before_staff(appointment, request, at=at)
    return request


def end_unanswered_requests(*, at: datetime) -> None:
    """The other side had its time: staff decide."""
    due = CancelRequest.objects.unanswered(at).select_related("appointment__store").order_by("pk")
    all_in_turn(partial(run_in_transaction, partial(_end, one, at)) for one in due)


def _end(request: CancelRequest, at: datetime) -> None:
    """Unless somebody has answered in between."""
    appointment = request.appointment
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    request.refresh_from_db()
    if request.state == RequestState.OPEN:
        put_before_staff(appointment, request, at=at)


def _open(appointment: Appointment, by: Actor, at: datetime) -> Side:
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_party(by, appointment)
    if not appointment.is_order:
        raise errors.InvalidTransition(_("Only a confirmed order needs the other side's word."))
    side = side_of(by, appointment)
    if side is None:
        raise Forbidden
    return side


def _require_pending(appointment: Appointment) -> CancelRequest:
    request = pending_request(appointment)
    if request is None:
        raise errors.InvalidTransition(_("Nobody has asked to call it off."))
    return request


def _agree(appointment: Appointment, request: CancelRequest, *, by: Actor, at: datetime) -> None:
    if appointment.status not in BINDING:
        # Finished before they agreed: what goes back is staff's to say.
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    request.answered_at = at
    settle_request(appointment, request, RequestState.AGREED)
    tell_of(request, at=at)
    fee = NO_FEE
    if request.side == Side.CUSTOMER:
        fee = cost_of_cancelling(appointment, request.asked_at).amount
    cancel_now(appointment, by=by, at=at, reason=request.reason, fee=fee)


def _words(text: str, name: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST_REASON:
        message = _("At most %(count)s characters.") % {"count": LONGEST_REASON}
        raise Invalid(errors={name: [message]})
    return words
