"""From courses and their sessions to what the API answers with."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from appointments.api.course_shapes import CourseShape
from appointments.api.slot_shapes import CourseSlotShape, RecurringSlotsShape
from appointments.models import Session, SessionRule
from appointments.selectors.coming_sessions import next_sessions
from appointments.selectors.sessions import with_seats
from realtors.models import Listing


def courses_answer(courses: Sequence[Listing], *, at: datetime) -> list[dict[str, Any]]:
    """Three queries for all of them, when their people and pictures are loaded."""
    coming = next_sessions([one.pk for one in courses], at=at)
    return list(CourseShape(courses, many=True, context={"next": coming}).data)


def slots_answer(sessions: Iterable[Session], *, at: datetime) -> list[dict[str, Any]]:
    """Two queries for all of them, when their courses and stores are loaded."""
    rows = list(sessions)
    return list(CourseSlotShape(with_seats(rows, at=at), many=True).data) if rows else []


def slot_answer(session: Session, *, at: datetime) -> dict[str, Any]:
    return slots_answer([session], at=at)[0]


def recurring_answer(rule: SessionRule, *, at: datetime) -> dict[str, Any]:
    """A rule, with what it has made and could not make."""
    made = rule.sessions.select_related("listing", "store").order_by("starts_at", "pk")
    told = {
        "ruleId": rule.pk,
        "weekdays": rule.weekdays,
        "startTime": rule.starts,
        "dateFrom": rule.first_date,
        "dateTo": rule.last_date,
        "madeUntil": rule.made_until,
        "slots": [],
        "skipped": rule.skipped.all(),
    }
    return {**RecurringSlotsShape(told).data, "slots": slots_answer(made, at=at)}
