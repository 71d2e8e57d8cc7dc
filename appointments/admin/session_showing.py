"""How sessions read in lists and on their page."""

from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from appointments.models import Session, SessionStatus
from appointments.presenters.times import full_day, span, spoken_day, zone_note
from appointments.selectors.session_lists import seats_sold
from appointments.selectors.sessions import Conflict, conflicts_of, seats_taken

STATE_COLOURS: dict[str, str] = {
    SessionStatus.OPEN: "success",
    "full": "info",
    SessionStatus.BLOCKED: "warning",
    SessionStatus.COMPLETED: "default",
    SessionStatus.CANCELLED: "danger",
}
CONFLICT_COLOURS: dict[str, str] = dict.fromkeys(Conflict, "danger")


def count_seats(sessions: list[Session], at: datetime) -> None:
    """Puts ``seats_given`` and ``conflict`` on them. Constant queries."""
    coming = [one for one in sessions if _is_to_come(one, at)]
    taken = seats_taken([one.pk for one in coming], at=at) if coming else {}
    over = [one.pk for one in sessions if not _is_to_come(one, at)]
    sold = seats_sold(over) if over else {}
    conflicts = conflicts_of(coming)
    for one in sessions:
        row: Any = one
        row.seats_given = taken.get(one.pk, 0) + sold.get(one.pk, 0)
        row.conflict = conflicts.get(one.pk)


def _is_to_come(session: Session, at: datetime) -> bool:
    return session.ends_at > at and session.status in (SessionStatus.OPEN, SessionStatus.BLOCKED)


def given(session: Any, at: datetime) -> int:
    if not hasattr(session, "seats_given"):
        count_seats([session], at)
    return int(session.seats_given)


def conflict_of(session: Any, at: datetime) -> Conflict | None:
    given(session, at)
    found: Conflict | None = session.conflict
    return found


def conflict_in_words(conflict: Conflict) -> str:
    words = {
        Conflict.CLOSED: _("store closed"),
        Conflict.OUTSIDE_HOURS: _("outside opening hours"),
        Conflict.AWAY: _("teacher has time off"),
    }
    return words[conflict]


def state_of(session: Session, at: datetime) -> tuple[str, str]:
    """As (key of STATE_COLOURS, words): open ones whose seats are taken are told apart."""
    if session.status == SessionStatus.OPEN and given(session, at) >= session.capacity:
        return "full", _("full")
    return session.status, session.get_status_display()


def when(session: Session, at: datetime) -> str:
    zone = session.store.zone
    day = spoken_day(session.starts_local.date(), at.astimezone(zone).date())
    return _("%(day)s %(time)s") % {
        "day": day,
        "time": span(session.starts_at, session.ends_at, zone),
    }


def when_in_full(session: Session, at: datetime) -> str:
    zone = session.store.zone
    day = full_day(session.starts_local.date(), at.astimezone(zone).date())
    told = _("%(day)s %(time)s") % {
        "day": day,
        "time": span(session.starts_at, session.ends_at, zone),
    }
    note = zone_note(session.store)
    return f"{told} ({note})" if note else told


def price_of(session: Session) -> str:
    if not session.price:
        return _("free of charge")
    return f"{number_format(session.price, 2)} {session.listing.currency}"
