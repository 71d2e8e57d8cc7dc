"""The rules of cancelling and moving in a sentence, from the policy that an appointment keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.presenters.prices import price
from appointments.presenters.times import duration, spoken
from appointments.selectors import costs

Snapshot = Mapping[str, Any]


def policy_sentences(policy: Snapshot, *, final_price: Decimal | None = None) -> list[str]:
    """What a customer agrees to, in a sentence or a few. Of what has no price, or none yet, no fee
    is taken, and none is spoken of."""
    cancel = int(policy.get("cancel_cutoff_minutes") or 0)
    move = int(policy.get("reschedule_cutoff_minutes") or 0)
    # A fee from the start on is never paid: nobody can cancel any more then.
    fees = [(minutes, percent) for minutes, percent in _fees(policy) if minutes]
    floor = int(policy.get("fee_floor") or 0)
    if not fees and not floor:
        return [_free_until(cancel, move)]
    return [*(_fee_sentences(fees, floor) if final_price else []), _until(cancel, move)]


def fee_sentences(policy: Snapshot, *, final_price: Decimal | None = None) -> list[str]:
    """The fees alone, of what is not called off by one side: an order. Empty where there are
    none."""
    fees = [(minutes, percent) for minutes, percent in _fees(policy) if minutes]
    floor = int(policy.get("fee_floor") or 0)
    return _fee_sentences(fees, floor) if final_price and (fees or floor) else []


@dataclass(frozen=True)
class Leave:
    """Whether the customer may still do it themselves, and until when."""

    allowed: bool
    until: datetime
    until_text: str


def leave_to(appointment: Appointment, cutoff: str, at: datetime) -> Leave:
    """``cutoff`` is ``cancel_cutoff_minutes`` or ``reschedule_cutoff_minutes``."""
    minutes = int(appointment.policy.get(cutoff) or 0)
    until = appointment.starts_at - timedelta(minutes=minutes)
    return Leave(at < until, until, spoken(until, appointment.store.zone, at))


@dataclass(frozen=True)
class Cost:
    """What cancelling costs now: ``percent`` of the price, and the sentence that says so."""

    percent: int
    amount: Decimal
    sentence: str


def cost_of_cancelling(appointment: Appointment, at: datetime) -> Cost:
    """Of what has no price, nothing."""
    cost = costs.cost_of_cancelling(appointment, at)
    sentence = _cost_sentence(cost.percent, cost.amount, appointment.currency)
    return Cost(cost.percent, cost.amount, sentence)


def _cost_sentence(percent: int, amount: Decimal, currency: str) -> str:
    if not percent:
        return _("Cancelling now costs nothing.")
    return _("Cancelling now costs %(amount)s (%(percent)d%% of the price).") % {
        "amount": price(amount, currency),
        "percent": percent,
    }


def _fees(policy: Snapshot) -> list[tuple[int, int]]:
    """``(minutes before the start, percent)``, the earliest step first, free ones left out."""
    steps = [(int(before), int(cost)) for before, cost in policy.get("fee_steps") or ()]
    return sorted((step for step in steps if step[1]), reverse=True)


def _fee_sentences(fees: list[tuple[int, int]], floor: int) -> list[str]:
    """``floor``: what it costs from now on, whatever the steps say, since it was moved late."""
    if floor:
        begins = _(
            "Cancelling costs %(percent)d%% of the price: when you moved it, it was too late for "
            "less."
        ) % {"percent": floor}
        later = [(one, cost) for one, cost in fees if cost > floor]
    else:
        first, *later = fees
        begins = _(
            "Cancelling is free until %(time)s before the start; after that it costs %(percent)d%% "
            "of the price."
        ) % {"time": duration(first[0]), "percent": first[1]}
    step = _("From %(time)s before the start it costs %(percent)d%%.")
    return [begins, *(step % {"time": duration(one), "percent": cost} for one, cost in later)]


def _free_until(cancel: int, move: int) -> str:
    if not cancel and not move:
        return _("You can cancel or move it free of charge until it starts.")
    if cancel == move:
        return _("You can cancel or move it free of charge until %(time)s before the start.") % {
            "time": duration(cancel)
        }
    if not cancel:
        return _(
            "You can cancel free of charge until it starts, and move it until %(time)s before."
        ) % {"time": duration(move)}
    if not move:
        return _(
            "You can cancel free of charge until %(time)s before the start, and move it until "
            "it starts."
        ) % {"time": duration(cancel)}
    return _(
        "You can cancel free of charge until %(cancel)s before the start, and move it until "
        "%(move)s before."
    ) % {"cancel": duration(cancel), "move": duration(move)}


def _until(cancel: int, move: int) -> str:
    if not cancel and not move:
        return _("You can cancel or move it until it starts.")
    if cancel == move:
        return _("You can cancel or move it until %(time)s before the start.") % {
            "time": duration(cancel)
        }
    if not cancel:
        return _("You can cancel until it starts, and move it until %(time)s before.") % {
            "time": duration(move)
        }
    if not move:
        return _("You can cancel until %(time)s before the start, and move it until it starts.") % {
            "time": duration(cancel)
        }
    return _("You can cancel until %(cancel)s and move it until %(move)s before the start.") % {
        "cancel": duration(cancel),
        "move": duration(move),
    }
