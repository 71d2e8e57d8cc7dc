"""Courses on a customer's own list: what is to be paid, packages, and wishes for a place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from appointments.models import Appointment, SeatWish
from appointments.presenters import courses, life, money, times
from appointments.presenters.pages import facts
from appointments.selectors.sessions import Seats, SeatState


def unpaid_cards(rows: Iterable[Appointment], at: datetime) -> list[dict[str, Any]]:
    """One of each payment: of a package, all its sessions."""
    together: dict[str, list[Appointment]] = {}
    for row in rows:
        key = f"package {row.package_id}" if row.package_id else f"alone {row.pk}"
        together.setdefault(key, []).append(row)
    return [
        {
            "facts": facts(of_one[0], at),
            "due": money.due(of_one, at),
            "sessions": [_spoken(one, at) for one in of_one] if len(of_one) > 1 else [],
        }
        for of_one in together.values()
    ]


def with_packages(
    cards: Sequence[dict[str, Any]],
    rows: Iterable[Appointment],
    together: Mapping[int, Sequence[Appointment]],
    at: datetime,
) -> list[dict[str, Any]]:
    """The cards of ``rows``; one of a package with all that is to come of it."""
    return [
        {**card, "sessions": [_session(one, at) for one in together.get(row.package_id or 0, ())]}
        for card, row in zip(cards, rows, strict=True)
    ]


def wish_line(wish: SeatWish, seats: Seats, at: datetime) -> dict[str, Any]:
    session = seats.session
    free = seats.state == SeatState.AVAILABLE
    return {
        "title": session.listing.title,
        "pk": session.pk,
        "when": courses.session_name(seats, at),
        "free": free,
        "places": courses.left_words(seats.left) if free else pgettext("session", "full"),
        "href": reverse("appointments:course", args=[session.listing_id])
        + f"?date={session.starts_local.date().isoformat()}#sessions",
        "forget": reverse("appointments:wish_for_seat", args=[session.listing_id]),
    }


def _session(appointment: Appointment, at: datetime) -> dict[str, str]:
    _status, label = life.shown_status(appointment)
    code = appointment.code or ""
    return {"code": code, "when": _spoken(appointment, at), "label": label}


def _spoken(appointment: Appointment, at: datetime) -> str:
    return times.spoken(appointment.starts_at, appointment.store.zone, at)
