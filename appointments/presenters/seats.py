"""Places somebody is about to book, and what a booked one costs, in words."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Hold, Session
from appointments.presenters import times
from appointments.presenters.policy import policy_sentences
from appointments.presenters.prices import price
from appointments.rules import share_of
from realtors.models import Listing
from stores.rules import Policy


def about_to_book(
    course: Listing, sessions: Sequence[Session], holds: Sequence[Hold], at: datetime
) -> dict[str, Any]:
    """``holds``: one of each session, or none when not all of them are kept."""
    total = sum((one.price for one in sessions), Decimal(0))
    percent, currency = course.deposit_percent, course.currency
    now = sum((share_of(one.price, percent, currency) for one in sessions), Decimal(0))
    return {
        "course": course,
        "store": course.store,
        "teacher": course.realtor,
        "address": course.whole_address,
        "zone_note": times.zone_note(course.store),
        "sessions": [session_line(one, at) for one in sessions],
        "ids": [one.pk for one in sessions],
        "costs": cost_lines(total, now, course.currency),
        "pays": price(now, course.currency) if now else "",
        **_countdown(holds, at),
    }


def session_line(session: Session, at: datetime) -> dict[str, str]:
    zone = session.store.zone
    day = times.full_day(session.starts_local.date(), at.astimezone(zone).date())
    return {"day": day, "hours": times.span(session.starts_at, session.ends_at, zone)}


def cost_lines(total: Decimal, now: Decimal, currency: str) -> list[tuple[str, str]]:
    """What it costs, and what of it is paid when; one line where that is all there is to say."""
    if not total:
        return [(_("Price"), _("free of charge"))]
    lines = [(_("Price"), price(total, currency))]
    if now:
        lines.append((_("To pay now"), price(now, currency)))
    if now < total:
        lines.append((_("To pay on the spot"), price(total - now, currency)))
    return lines


def rules_of(course: Listing, policy: Policy, sessions: Sequence[Session]) -> list[str]:
    dearest = max(one.price for one in sessions)
    return policy_sentences(policy.snapshot(), final_price=dearest)


def terms_of(course: Listing, policy: Policy, sessions: Sequence[Session]) -> str:
    """What the customer agrees to, as a mark that changes with it: what it costs, what of it is
    paid at once, what cancelling costs."""
    told = [
        [str(one.price) for one in sessions],
        [course.currency, course.deposit_percent, course.needs_approval],
        policy.snapshot(),
    ]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


def course_url(course: Listing) -> str:
    return reverse("appointments:course", args=[course.pk])


def _countdown(holds: Sequence[Hold], at: datetime) -> dict[str, Any]:
    if not holds:
        return {}
    soonest = min(holds, key=lambda hold: hold.expires_at)
    kept = soonest.expires_at - soonest.created_at
    return {"expires_at": soonest.expires_at, "now": at, "total": int(kept.total_seconds())}
