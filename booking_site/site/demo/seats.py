"""Who takes which seat in the demo's courses. Pupils have accounts that nobody signs in to."""

from dataclasses import dataclass
from enum import StrEnum

from .listings import (
    BRUSH,
    CODING,
    COOKING,
    ENGLISH,
    FIRST_AID,
    FIRST_HOME,
    PIANO,
    PRENATAL,
    SWIMMING,
    TIDYING,
    WALK,
    YOGA,
    DemoListing,
)
from .people import GUESTS
from .wishes import MAILBOX

PUPILS = 9
FIRST_PUPIL = 600
# As a pupil's number: the demo's customer.
CUSTOMER_SEAT = -1
ELDER, YOUNGER = "王一诺", "王一言"


class Goal(StrEnum):
    """What becomes of it once it is booked. ``PAID`` is confirmed, or waits for its teacher."""

    PAID = "paid"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Seat:
    """``nth``: which of the sessions to come, the soonest being 0; before now, counted from the
    latest, where it is below 0. ``child``: for whom, by name."""

    number: int
    course: DemoListing
    nth: int
    pupil: int
    goal: Goal = Goal.PAID
    child: str = ""
    note: str = ""

    @property
    def mark(self) -> str:
        return f"seat{self.number}@{MAILBOX}"

    @property
    def most(self) -> int:
        """How many bookings it may have in all. What was called off or never paid is not made
        anew at every start."""
        return {Goal.PAID: 4, Goal.UNPAID: 12, Goal.CANCELLED: 1}[self.goal]


def pupil_name(number: int) -> str:
    return GUESTS[(number * 3 + 1) % len(GUESTS)]


ME = CUSTOMER_SEAT
AHEAD = (
    # Full: three pupils beside the customer's child.
    Seat(0, PIANO, 0, ME, child=ELDER, note="第一次上课，还没有琴。"),
    Seat(1, PIANO, 0, 0),
    Seat(2, PIANO, 0, 1),
    Seat(3, PIANO, 0, 2),
    Seat(4, PIANO, 1, 3),
    # A package: four sessions are booked at once.
    Seat(5, ENGLISH, 0, ME, child=YOUNGER),
    Seat(6, ENGLISH, 0, 4),
    # Waits for the teacher's yes.
    Seat(7, CODING, 0, ME, child=ELDER, note="会一点 Scratch。"),
    Seat(8, CODING, 0, 5),
    Seat(9, CODING, 1, 6),
    Seat(10, PRENATAL, 0, 7, note="18 周。"),
    # Paid and called off: what the policy leaves has gone back.
    Seat(11, BRUSH, 1, ME, Goal.CANCELLED),
    Seat(12, BRUSH, 0, 0),
    Seat(13, BRUSH, 0, 3),
    Seat(14, SWIMMING, 0, 1),
    Seat(15, SWIMMING, 0, 2),
    Seat(16, SWIMMING, 1, 4),
    # A deposit: the rest is paid on the spot.
    Seat(17, YOGA, 1, ME),
    Seat(18, YOGA, 1, 5),
    Seat(19, YOGA, 2, 6),
    # Not paid yet.
    Seat(20, COOKING, 1, ME, Goal.UNPAID),
    Seat(21, COOKING, 0, 4),
    Seat(22, COOKING, 0, 8),
    Seat(23, TIDYING, 0, 8),
    Seat(24, FIRST_AID, 0, 2),
    Seat(25, FIRST_AID, 0, 6),
    Seat(26, FIRST_HOME, 0, 5),
    Seat(27, FIRST_HOME, 0, 8),
    Seat(28, WALK, 0, 3),
    Seat(29, WALK, 0, 1),
)
BEHIND = (
    Seat(50, PIANO, -1, 0),
    Seat(51, PIANO, -1, 1),
    Seat(52, PIANO, -1, 2),
    Seat(53, PIANO, -2, 3),
    Seat(54, BRUSH, -1, 4),
    Seat(55, BRUSH, -1, 5),
    Seat(56, SWIMMING, -1, 6),
    Seat(57, SWIMMING, -2, 7),
    Seat(58, SWIMMING, -2, ME, child=ELDER),
    Seat(59, YOGA, -1, 8),
    Seat(60, YOGA, -2, 0),
    Seat(61, WALK, -1, 2),
    Seat(62, WALK, -1, 4),
)
# Who wants to hear of a free seat in the full one.
WAITING = 8
