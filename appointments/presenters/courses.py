"""A course and its sessions, for whoever may want a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import SessionStatus
from appointments.presenters import times
from appointments.presenters.policy import policy_sentences
from appointments.presenters.prices import price
from appointments.selectors.course_weeks import CourseWeek, Own
from appointments.selectors.sessions import Seats, SeatState, earliest
from realtors.listing_rules import LEVELS
from realtors.models import Listing, PriceUnit
from stores.rules import Policy


@dataclass(frozen=True)
class Row:
    """One session of the picker. ``state`` is ``free``, ``kept`` (for this visitor), ``full`` or
    ``shut``; ``price`` is empty where it is the course's; ``told``: a wish that was answered."""

    pk: int
    name: str
    hours: str
    state: str
    places: str
    price: str = ""
    chosen: bool = False
    booked: bool = False
    wished: bool = False
    told: bool = False


def course_facts(course: Listing) -> dict[str, Any]:
    """What it is, whoever looks. Queries: its pictures, if they are not loaded."""
    pictures = [
        {
            "url": reverse("realtors:picture", args=[one.key]),
            "thumb_url": reverse("realtors:picture_small", args=[one.key]),
            "alt": one.caption or course.title,
        }
        for one in course.pictures.all()
    ]
    return {
        "course": course,
        "cover": pictures[0] if pictures else None,
        "pictures": pictures[1:],
        "price": seat_price(course),
        "deposit": deposit_sentence(course),
        "for_whom": ages(course),
        "particulars": particulars(course),
        "duration": times.duration(course.duration_minutes or 0),
        "address": course.whole_address,
        "zone_note": times.zone_note(course.store),
        "size": course.package_sessions,
    }


def seat_price(course: Listing) -> str:
    """``¥100 a session``, or ``free of charge``."""
    if course.free_of_charge:
        return _("free of charge")
    unit = PriceUnit(course.price_unit).label
    return _("%(price)s %(unit)s") % {"price": price(course.price, course.currency), "unit": unit}


def deposit_sentence(course: Listing) -> str:
    """How it is paid; empty for what costs nothing."""
    if course.free_of_charge:
        return ""
    if course.deposit_percent == 0:
        return _("You pay on the spot.")
    if course.deposit_percent == 100:
        return _("You pay when you book.")
    return _("You pay %(percent)d%% when you book, and the rest on the spot.") % {
        "percent": course.deposit_percent
    }


def ages(course: Listing) -> str:
    low, high = (course.attributes.get(name) for name in ("age_from", "age_to"))
    if low is not None and high is not None:
        return _("for ages %(low)d to %(high)d") % {"low": low, "high": high}
    if low is not None:
        return _("from the age of %(low)d") % {"low": low}
    return _("up to the age of %(high)d") % {"high": high} if high is not None else ""


def particulars(course: Listing) -> list[tuple[str, str]]:
    """What else is said of it, with its label."""
    said = course.attributes
    found = []
    level = dict(LEVELS).get(said.get("level", ""))
    if level:
        found.append((_("Level"), str(level)))
    if said.get("language"):
        found.append((_("Taught in"), str(said["language"])))
    if said.get("bring"):
        found.append((_("What to bring"), str(said["bring"])))
    return found


def rules_of(course: Listing, policy: Policy) -> list[str]:
    return policy_sentences(policy.snapshot(), final_price=course.price)


def picker(week: CourseWeek, course: Listing, policy: Policy, at: datetime) -> dict[str, Any]:
    """The week's sessions day by day, what is chosen in it and elsewhere, and what got lost."""
    lost = [one for one in week.chosen if not week.takes(one)]
    chosen = [one.session.pk for one in week.chosen if week.takes(one)]
    here = {one.session.pk for one in week.seats}
    rows = _by_day(week, course, chosen, policy, at)
    return {
        "days": rows,
        "none_left": not any(one.state in ("free", "kept") for day in rows for one in day["rows"]),
        "title": week_title(week, course, at),
        "earlier": week.earlier.isoformat() if week.earlier else "",
        "later": week.later.isoformat() if week.later else "",
        "later_day": _day_words(week.later, course, at) if week.later else "",
        "date": week.first.isoformat(),
        "chosen": len(chosen),
        "elsewhere": [pk for pk in chosen if pk not in here],
        "chosen_words": chosen_words(len(chosen), course.package_sessions),
        "lost": [session_name(one, at) for one in lost],
        "elsewhere_names": [
            session_name(one, at)
            for one in week.chosen
            if one.session.pk in chosen and one.session.pk not in here
        ],
    }


def _by_day(
    week: CourseWeek, course: Listing, chosen: Iterable[int], policy: Policy, at: datetime
) -> list[dict[str, Any]]:
    picked = set(chosen)

    def local_date(seats: Seats) -> date:
        return seats.session.starts_local.date()

    return [
        {
            "name": _day_words(day, course, at),
            "rows": [row(one, week.own, one.session.pk in picked, policy, at) for one in seats],
        }
        for day, group in groupby(week.seats, key=local_date)
        for seats in [list(group)]
    ]


def row(seats: Seats, own: Own, chosen: bool, policy: Policy, at: datetime) -> Row:
    session = seats.session
    state, places = places_words(seats, own, policy, at)
    differs = session.price != session.listing.price
    return Row(
        pk=session.pk,
        name=session_name(seats, at),
        hours=times.span(session.starts_at, session.ends_at, session.store.zone),
        state=state,
        places=places,
        price=price(session.price, session.listing.currency) if differs else "",
        chosen=chosen,
        booked=session.pk in own.booked,
        wished=session.pk in own.wished,
        told=session.pk in own.told,
    )


def places_words(seats: Seats, own: Own, policy: Policy, at: datetime) -> tuple[str, str]:
    session = seats.session
    if session.pk in own.kept and seats.state in (SeatState.AVAILABLE, SeatState.BOOKED):
        return "kept", _("kept for you")
    if seats.state == SeatState.AVAILABLE:
        return "free", left_words(seats.left)
    if seats.state == SeatState.BOOKED:
        return "full", pgettext("session", "full")
    if session.status != SessionStatus.OPEN:
        return "shut", pgettext("session", "blocked")
    if session.starts_at < earliest(policy, at):
        return "shut", _("too late to book it here")
    return "shut", _("cannot be booked yet")


def left_words(count: int) -> str:
    return ngettext("%(count)d place left", "%(count)d places left", count) % {"count": count}


def chosen_words(chosen: int, size: int) -> str:
    """``2 of 4 sessions chosen: 2 more to go``; for a package only."""
    if size < 2:
        return ""
    if chosen == size:
        return _("All %(size)d sessions are chosen.") % {"size": size}
    facts = {"chosen": chosen, "size": size, "count": abs(size - chosen)}
    if chosen > size:
        return (
            ngettext(
                "%(chosen)d sessions are chosen; that is %(count)d too many for %(size)d.",
                "%(chosen)d sessions are chosen; that is %(count)d too many for %(size)d.",
                chosen - size,
            )
            % facts
        )
    return (
        ngettext(
            "%(chosen)d of %(size)d sessions are chosen: %(count)d more to go.",
            "%(chosen)d of %(size)d sessions are chosen: %(count)d more to go.",
            size - chosen,
        )
        % facts
    )


def session_name(seats: Seats, at: datetime) -> str:
    """``tomorrow 14:00``."""
    session = seats.session
    return times.spoken(session.starts_at, session.store.zone, at)


def week_title(week: CourseWeek, course: Listing, at: datetime) -> str:
    today = at.astimezone(course.store.zone).date()
    if week.first <= today <= week.last:
        return _("This week")
    return _("%(first)s to %(last)s") % {
        "first": times.plain_day(week.first, today),
        "last": times.plain_day(week.last, today),
    }


def _day_words(day: date, course: Listing, at: datetime) -> str:
    return times.full_day(day, at.astimezone(course.store.zone).date())
