"""The other sessions of a course, for somebody who would rather come to one of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from appointments.presenters import courses
from appointments.selectors.sessions import Seats, SeatState


def other_sessions(found: Iterable[Seats], *, wanted: int | None, at: datetime) -> dict[str, Any]:
    """``rows`` to choose from; ``lost``: the one that was wanted and has just been taken."""
    rows, lost = [], ""
    for seats in found:
        if seats.state == SeatState.AVAILABLE:
            places = courses.left_words(seats.left)
            facts = {"pk": seats.session.pk, "name": courses.session_name(seats, at)}
            rows.append({**facts, "places": places, "chosen": seats.session.pk == wanted})
        elif seats.session.pk == wanted:
            lost = courses.session_name(seats, at)
    return {"rows": rows, "lost": lost}
