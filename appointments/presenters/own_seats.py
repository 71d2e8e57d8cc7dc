"""Courses on a customer's own list: what is to be paid, packages, and wishes for a place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from appointments.models import Appointment, SeatWish
from appointments.presenters import life, money, times
from appointments.presenters.pages import facts


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


def wish_line(wish: SeatWish, at: datetime) -> dict[str, Any]:
    """``told``: a place was free, and may still be."""
    session = wish.session
    day = session.starts_local.date().isoformat()
    course = reverse("appointments:course", args=[session.listing_id])
    return {
        "title": session.listing.title,
        "pk": session.pk,
        "when": times.spoken(session.starts_at, session.store.zone, at),
        "told": wish.told_at is not None,
        "href": f"{course}?date={day}#sessions",
        "forget": reverse("appointments:wish_for_seat", args=[session.listing_id]),
    }


def _session(appointment: Appointment, at: datetime) -> dict[str, str]:
    _status, label = life.shown_status(appointment)
    code = appointment.code or ""
    return {"code": code, "when": _spoken(appointment, at), "label": label}


def _spoken(appointment: Appointment, at: datetime) -> str:
    return times.spoken(appointment.starts_at, appointment.store.zone, at)
