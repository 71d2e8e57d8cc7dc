"""What hangs on the wall of a lobby: codes, realtors and times, never a customer."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Status
from appointments.presenters import live, times
from appointments.selectors.board import Board
from stores.models import Store

# A wall has room for so many; the rest is a number.
MOST_WAITING, MOST_UPCOMING = 8, 8
ROOM_FOR_LARGE = 4


def on_the_wall(board: Board, store: Store, at: datetime) -> dict[str, object]:
    shown, rest = board.waiting[:MOST_WAITING], len(board.waiting) - MOST_WAITING
    local = at.astimezone(store.zone)
    busy = len(board.serving) + len(board.called)
    return {
        "store": store,
        # So many codes in large type that a wall has room for them.
        "is_crowded": busy > ROOM_FOR_LARGE,
        "clock": times.clock(local),
        "day": times.calendar_day(local.date(), local.date()),
        "zone_note": times.zone_note(store),
        "serving": [_with_realtor(row, _("in progress")) for row in board.serving],
        "called": [_with_realtor(row, _call(row)) for row in board.called],
        "waiting": [
            {
                "code": spaced(row.code),
                "position": number,
                "wait": live.estimate_words(row, board.waits[row.pk]),
            }
            for number, row in enumerate(shown, start=1)
        ],
        "more_waiting": max(0, rest),
        "upcoming": [_upcoming(row, store, at) for row in board.upcoming[:MOST_UPCOMING]],
    }


def spaced(code: str | None) -> str:
    """``123 456``: read across a room."""
    return f"{code[:3]} {code[3:]}" if code else "–"


def _with_realtor(row: Appointment, what: str) -> dict[str, str]:
    return {
        "code": spaced(row.code),
        "realtor": row.realtor.name if row.realtor else "",
        "what": what,
    }


def _call(row: Appointment) -> str:
    if row.status == Status.CONFIRMED:
        return pgettext("lobby board", "please come to the desk")
    return pgettext("lobby board", "is being asked for")


def _upcoming(row: Appointment, store: Store, at: datetime) -> dict[str, str]:
    return {
        "code": spaced(row.code),
        "when": live.clock_or_day(row.starts_at, store, at),
        "realtor": row.realtor.name if row.realtor else "",
    }
