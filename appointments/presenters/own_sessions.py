"""A teacher's sessions in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import SessionStatus
from appointments.models.session import TAKES_PLACE
from appointments.presenters import times
from appointments.presenters.life import reason_text
from appointments.presenters.prices import price
from appointments.selectors.own_sessions import Concerned, OwnSession
from appointments.selectors.sessions import Conflict
from realtors.models import ListingStatus


@dataclass(frozen=True)
class Word:
    """``variant`` of a pill, ``shade`` of a block in a calendar."""

    label: str
    variant: str
    shade: str
    seats: str


def word(one: OwnSession, at: datetime) -> Word:
    session = one.session
    label, variant, shade = _state(one, at)
    facts = {"taken": one.taken, "capacity": session.capacity}
    return Word(label, variant, shade, _("%(taken)d of %(capacity)d seats") % facts)


def _state(one: OwnSession, at: datetime) -> tuple[str, str, str]:
    session = one.session
    if session.status == SessionStatus.CANCELLED:
        return pgettext("of a session", "called off"), "outline", "cancelled"
    if session.status == SessionStatus.COMPLETED:
        return pgettext("of a session", "held"), "outline", "completed"
    if session.starts_at <= at:
        if session.ends_at <= at:
            return pgettext("of a session", "over, to be closed"), "warn", "pending"
        return pgettext("of a session", "going on"), "info", "in_progress"
    if session.status == SessionStatus.BLOCKED:
        return pgettext("of a session", "closed to bookings"), "warn", "pending"
    if one.taken >= session.capacity:
        return pgettext("of a session", "full"), "spark", "confirmed"
    return pgettext("of a session", "open"), "accent", "confirmed"


def row(one: OwnSession, at: datetime) -> dict[str, Any]:
    """A session in a list."""
    session, said = one.session, word(one, at)
    zone = session.store.zone
    today = at.astimezone(zone).date()
    return {
        "id": session.pk,
        "key": str(session.pk),
        "title": session.listing.title,
        "day": times.full_day(session.starts_local.date(), today),
        "time": times.span(session.starts_at, session.ends_at, zone),
        "duration": times.duration(session.duration_minutes),
        "seats": said.seats,
        "taken": one.taken,
        "capacity": session.capacity,
        "left": left(one),
        "state": said.label,
        "variant": said.variant,
        "conflict": against(one.conflict) if one.conflict else "",
        "asking": asking(one.asking),
        "paid": paid(one),
        "unpaid": unpaid(one.unpaid),
        "is_over": session.status not in TAKES_PLACE,
        "is_running": session.status in TAKES_PLACE and session.starts_at <= at,
        "can_be_held": session.status in TAKES_PLACE and session.starts_at <= at,
    }


def left(one: OwnSession) -> str:
    free = max(one.session.capacity - one.taken, 0)
    if one.session.status != SessionStatus.OPEN or not free:
        return ""
    return ngettext("%(count)d seat free", "%(count)d seats free", free) % {"count": free}


def asking(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(count)d waits for your yes", "%(count)d wait for your yes", count)
    return text % {"count": count}


def unpaid(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(count)d still to be paid", "%(count)d still to be paid", count)
    return text % {"count": count}


def paid(one: OwnSession) -> str:
    if not one.paid:
        return ""
    return _("%(amount)s paid") % {"amount": price(one.paid, one.session.listing.currency)}


def against(conflict: Conflict) -> str:
    """What stands against a session, in a word or two."""
    words = {
        Conflict.CLOSED: _("The store is closed then"),
        Conflict.OUTSIDE_HOURS: _("Outside of the store's hours"),
        Conflict.AWAY: _("You have time off then"),
    }
    return words[conflict]


def concerning(found: Concerned, currency: str) -> str:
    """Who hears of it when it is called off, and what goes back to them: said before."""
    if not found.people:
        return _("Nobody has booked it.")
    people = ngettext(
        "%(count)d booking is called off and its customer told.",
        "%(count)d bookings are called off and their customers told.",
        found.people,
    ) % {"count": found.people}
    if not found.amount:
        return people
    money = _("%(amount)s that was paid goes back to them.")
    both = {"people": people, "money": money % {"amount": price(found.amount, currency)}}
    return _("%(people)s %(money)s") % both


def by_day(found: Iterable[OwnSession], at: datetime) -> list[dict[str, Any]]:
    """The days that have sessions, each with its own."""
    rows = [row(one, at) | {"date": one.session.starts_local.date()} for one in found]
    return [
        {"id": f"day-{day.isoformat()}", "name": several[0]["day"], "rows": several}
        for day, several in ((d, list(s)) for d, s in groupby(rows, key=itemgetter("date")))
    ]


def week_in_figures(found: Iterable[OwnSession]) -> str:
    """Of what takes place, or has: ``6 sessions · 31 of 48 seats · ¥3,200 paid``."""
    found = [one for one in found if one.session.status != SessionStatus.CANCELLED]
    if not found:
        return ""
    count = ngettext("%(count)d session", "%(count)d sessions", len(found))
    seats = {
        "taken": sum(one.taken for one in found),
        "capacity": sum(one.session.capacity for one in found),
    }
    parts = [count % {"count": len(found)}, _("%(taken)d of %(capacity)d seats") % seats]
    money: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        money[one.session.listing.currency] += one.paid
    parts += [
        _("%(amount)s paid") % {"amount": price(amount, currency)}
        for currency, amount in money.items()
        if amount
    ]
    return " · ".join(parts)


def session_page(one: OwnSession, at: datetime) -> dict[str, Any]:
    """A session by itself, and what can be done with it now."""
    session = one.session
    takes_place = session.status in TAKES_PLACE
    to_come = takes_place and session.starts_at > at
    return {
        "session": row(one, at),
        "price": price(session.price, session.listing.currency),
        "zone_note": times.zone_note(session.store),
        "reason": reason_text(session.reason),
        "is_published": session.listing.status == ListingStatus.PUBLISHED,
        "rule_id": session.rule_id,
        "week": session.starts_local.date().isoformat(),
        "can_be_held": takes_place and not to_come,
        "can_be_edited": takes_place and session.ends_at > at,
        "can_be_blocked": to_come and session.status == SessionStatus.OPEN,
        "can_be_opened": to_come and session.status == SessionStatus.BLOCKED,
        "can_be_called_off": to_come,
    }
