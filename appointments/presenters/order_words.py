"""Orders in words: what they cost, and how it stands where one side wants to call one off."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from appointments.models import (
    Appointment,
    CancelRequest,
    PaymentStatus,
    RequestState,
    Side,
    Status,
)
from appointments.models.appointment import OVER, UPCOMING
from appointments.presenters import times
from appointments.presenters.prices import price
from appointments.selectors.orders import back_if_agreed, order_of
from realtors.models import Listing, PriceUnit


def where_to(appointment: Appointment) -> str:
    """Where an order is done: at its customer's, or at its provider's; empty for what is none."""
    order = order_of(appointment)
    if order is None:
        return ""
    return order.address or order.provider_address


def amount(appointment: Appointment) -> str:
    """``¥150 (listed at ¥200)``; without the second where nothing was proposed."""
    agreed = price(appointment.final_price, appointment.currency)
    if not appointment.has_proposal:
        return agreed
    facts = {"amount": agreed, "listed": price(appointment.price, appointment.currency)}
    return _("%(amount)s (listed at %(listed)s)") % facts


def proposal_sentence(appointment: Appointment) -> str:
    """Whether the amount that was proposed binds. Empty where none was."""
    if not appointment.has_proposal:
        return ""
    if appointment.status in UPCOMING and appointment.confirmed_at is None:
        return _("This amount is a proposal. It binds once the provider confirms.")
    return _("This amount was proposed by the customer and confirmed by the provider.")


def when_paid(listing: Listing) -> str:
    """What is paid when, before it is ordered."""
    if not listing.deposit_percent:
        return _("Paid on the spot.")
    if listing.needs_approval:
        return _("Paid here, once the provider has confirmed.")
    return _("Paid here at once, which confirms it. Another amount waits for the provider.")


def unit(listing: Listing) -> str:
    """What the price is for: ``an hour`` or ``a visit``."""
    return str(PriceUnit(listing.price_unit).label)


def agreement() -> str:
    """What whoever orders agrees to, on the form and beside the button."""
    return _(
        "Until the provider confirms, either side can call it off alone. After that both sides "
        "agree to it; where they do not, the people who look after this site decide."
    )


def request_sentence(
    appointment: Appointment, request: CancelRequest, viewer: Side | None, at: datetime
) -> str:
    """How the wish to call it off stands, for one of the two sides, or for staff (None)."""
    if request.state == RequestState.OPEN:
        until = times.spoken(request.answer_before, appointment.store.zone, at)
        return _asked(request, viewer) % {"until": until}
    if request.state == RequestState.DISPUTED:
        return _disputed(appointment, request)
    return {
        RequestState.AGREED: _("Both sides agreed to call it off."),
        RequestState.TAKEN_BACK: _("The wish to call it off was taken back."),
        RequestState.OVERTAKEN: _("The wish to call it off was overtaken by what happened since."),
        RequestState.CALLED_OFF: _("It was called off by the people who look after this site."),
        RequestState.STANDS: _("The people who look after this site decided that it stands."),
    }[RequestState(request.state)]


def comes_back_if_agreed(appointment: Appointment, request: CancelRequest) -> str:
    """What agreeing means for the money. Empty where nothing has been paid, or it is over."""
    if appointment.payment_status != PaymentStatus.PAID or appointment.status in OVER:
        return ""
    back = back_if_agreed(appointment, request)
    facts = {
        "back": price(back, appointment.currency),
        "kept": price(appointment.due_now - back, appointment.currency),
    }
    if back == appointment.due_now:
        return _("All that was paid goes back to the customer: %(back)s.") % facts
    if back == Decimal(0):
        return _("Nothing of what was paid goes back: %(kept)s are kept by the rules.") % facts
    return _("%(back)s go back to the customer, %(kept)s are kept by the rules.") % facts


def _disputed(appointment: Appointment, request: CancelRequest) -> str:
    if request.answered_at is not None:
        return _("The answer was no. The people who look after this site decide.")
    if appointment.status == Status.NO_SHOW:
        return _(
            "The provider says that nobody was there. The people who look after this site decide "
            "what goes back."
        )
    done_at = appointment.completed_at
    if done_at is not None and request.asked_at >= done_at:
        return _(
            "The customer says that the work was not right. The people who look after this site "
            "decide what goes back."
        )
    if appointment.status == Status.COMPLETED:
        return _(
            "The work was done before it was answered. The people who look after this site decide."
        )
    return _("It was not answered. The people who look after this site decide.")


def _asked(request: CancelRequest, viewer: Side | None) -> str:
    if viewer == request.side:
        return _("You have asked to call it off. The other side answers until %(until)s.")
    if viewer is not None:
        return _("The other side asks to call it off. Please answer until %(until)s.")
    if request.side == Side.CUSTOMER:
        return _("The customer asks to call it off. To be answered until %(until)s.")
    return _("The provider asks to call it off. To be answered until %(until)s.")
