"""The box in which both sides of a confirmed order agree to call it off, as one of them sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.models import Appointment, CancelRequest, RequestState, Side
from appointments.presenters import order_words
from appointments.selectors.orders import may_complain
from appointments.services.cancelling import BINDING


@dataclass(frozen=True)
class Box:
    """``sentence``: how it stands; ``reason``, ``answer`` and ``decision``: what people said with
    it; ``money``: what agreeing means for what was paid. What may be done: ``may_ask``, then
    ``may_agree``, ``may_refuse``, ``may_take_back``; and ``may_complain`` once the work is done."""

    sentence: str = ""
    reason: str = ""
    answer: str = ""
    decision: str = ""
    money: str = ""
    may_ask: bool = False
    may_agree: bool = False
    may_refuse: bool = False
    may_take_back: bool = False
    may_complain: bool = False

    @property
    def waits_for_answer(self) -> bool:
        """Of whoever looks at it."""
        return self.may_refuse


def box(
    appointment: Appointment, request: CancelRequest | None, side: Side | None, at: datetime
) -> Box | None:
    """None where there is nothing to say and nothing to do. ``request``: the newest one; ``side``:
    for whom the viewer speaks, None for those who decide. No query."""
    binding = appointment.is_order and appointment.status in BINDING
    complains = side == Side.CUSTOMER and may_complain(appointment, request, at)
    if request is None or request.state == RequestState.TAKEN_BACK:
        if complains:
            return Box(may_complain=True)
        return _to_ask(appointment, request, side, at) if binding else None
    own, open_still = request.side == side, request.is_pending
    other = side is not None and not own
    return Box(
        sentence=order_words.request_sentence(appointment, request, side, at),
        reason=request.reason,
        answer=request.answer,
        decision=request.decision,
        money=order_words.comes_back_if_agreed(appointment, request) if open_still else "",
        may_ask=binding and not open_still and side is not None,
        may_agree=binding and open_still and other,
        may_refuse=request.state == RequestState.OPEN and other,
        may_take_back=open_still and own,
        may_complain=complains,
    )


def _to_ask(
    appointment: Appointment, before: CancelRequest | None, side: Side | None, at: datetime
) -> Box | None:
    """Nobody has asked, or whoever had no longer wants to."""
    if side is None:
        return None
    told = order_words.request_sentence(appointment, before, side, at) if before else ""
    would_be = CancelRequest(side=side, asked_at=at)
    return Box(
        sentence=told,
        money=order_words.comes_back_if_agreed(appointment, would_be),
        may_ask=True,
    )


def told(appointment: Appointment, request: CancelRequest, side: Side | None, at: datetime) -> str:
    """Right after a step of one side: what has come of it. Whoever asks for what the other side
    has asked for has agreed by that, so it goes by the wish and not by the button."""
    if request.state == RequestState.OPEN and side == Side.PROVIDER:
        return _("Your customer has been asked. Until they agree, the order stands.")
    if request.state == RequestState.DISPUTED and request.side != side:
        return _("You do not agree. The people who look after this site decide.")
    words = {
        RequestState.OPEN: _("They have been asked. Until they agree, the order stands."),
        RequestState.AGREED: _("Called off: both of you agreed."),
        RequestState.TAKEN_BACK: _("Taken back: the order stands."),
    }
    found = words.get(RequestState(request.state))
    return found or order_words.request_sentence(appointment, request, side, at)


def asks_of(request: CancelRequest | None, side: Side) -> str:
    """For a row of a list: that one side's word is waited for. Empty where none is."""
    if request is None or not request.is_pending:
        return ""
    if request.state == RequestState.DISPUTED:
        return _("staff decide")
    if request.side == side:
        return _("you ask to call it off")
    return _("they ask to call it off")
