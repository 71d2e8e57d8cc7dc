"""Who books what in the demo. Each wish is kept alive: when its time has passed it is made anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .houses import AGENCY, COURTYARD, LAKE_VIEW, RIVERSIDE, SOUTH_FACING
from .people import CUSTOMER, GUESTS, REALTOR, Account, guest_phone
from .stores import BINJIANG, CHENGZHAN, HUBIN, QIANJIANG, STORES, WENSAN, WULIN, DemoStore

# Marks the seed's own appointments, so that those of people who try the demo are left alone.
MAILBOX = "demo.example.com"


class Goal(StrEnum):
    """What becomes of it once it is booked."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REFUSED = "refused"  # everybody said no: it needs a person
    WAITING = "waiting"  # in line, because everybody is taken


@dataclass(frozen=True)
class Wish:
    """``day`` and ``clock`` say about when: the first free start from there on is taken.
    A wish without an account is a guest's; ``realtor`` names one; ``house``: which is to be seen,
    by its title."""

    number: int
    store: DemoStore
    day: int
    clock: str
    goal: Goal
    account: Account | None = None
    realtor: Account | None = None
    note: str = ""
    house: str = ""

    @property
    def name(self) -> str:
        return self.account.name if self.account else GUESTS[self.number % len(GUESTS)]

    @property
    def phone(self) -> str:
        return self.account.phone if self.account else guest_phone(self.number)

    @property
    def mark(self) -> str:
        """This wish's own e-mail address."""
        return f"wish{self.number}@{MAILBOX}"

    @property
    def most(self) -> int:
        """How many appointments this wish may have in all; see bookings. What cannot be moved
        ahead (it was served, or waited in vain) is given more."""
        return 40 if self.goal in (Goal.IN_PROGRESS, Goal.REFUSED, Goal.WAITING) else 6

    def day_from(self, at: datetime) -> datetime:
        return at + timedelta(days=self.day)


PENDING, CONFIRMED = Goal.PENDING, Goal.CONFIRMED

UPCOMING = (
    Wish(0, HUBIN, 1, "10:00", CONFIRMED, CUSTOMER, REALTOR, "想看两室，最好靠近地铁。"),
    Wish(1, WENSAN, 3, "15:00", PENDING, CUSTOMER, note="家里有一只猫，请安排不怕猫的阿姨。"),
    Wish(2, HUBIN, 1, "14:00", PENDING, realtor=REALTOR, note="第一次买房，想从贷款聊起。"),
    Wish(3, HUBIN, 2, "10:30", PENDING, realtor=REALTOR),
    Wish(4, HUBIN, 1, "16:00", CONFIRMED, realtor=REALTOR, note="带父母一起来。"),
    Wish(5, HUBIN, 3, "11:00", CONFIRMED),
    Wish(6, HUBIN, 4, "15:30", PENDING, note="只能工作日下午。"),
    Wish(7, WULIN, 1, "11:00", CONFIRMED, note="对花粉过敏。"),
    Wish(8, WULIN, 2, "18:30", CONFIRMED),
    Wish(9, WULIN, 2, "18:30", CONFIRMED),
    Wish(10, WULIN, 5, "14:00", CONFIRMED),
    Wish(11, WENSAN, 1, "09:00", CONFIRMED, note="三室两厅，开荒保洁。"),
    Wish(12, WENSAN, 2, "13:30", PENDING),
    Wish(13, WENSAN, 4, "10:00", PENDING, note="想找会做杭帮菜的。"),
    Wish(14, BINJIANG, 1, "20:00", CONFIRMED, note="手机进水，开不了机。"),
    Wish(15, BINJIANG, 2, "12:00", PENDING),
    Wish(29, BINJIANG, 3, "18:30", Goal.REFUSED, note="老式防盗门，锁芯已停产。"),
    Wish(16, CHENGZHAN, 1, "08:30", CONFIRMED),
    Wish(17, CHENGZHAN, 1, "22:00", PENDING, note="孩子换药。"),
    Wish(18, CHENGZHAN, 3, "15:00", CONFIRMED),
    Wish(19, QIANJIANG, 2, "16:00", PENDING, note="初二数学，期中 78 分。"),
    Wish(20, QIANJIANG, 3, "18:00", CONFIRMED),
    Wish(21, QIANJIANG, 5, "10:00", CONFIRMED, note="零基础钢琴，6 岁。"),
    Wish(
        40,
        HUBIN,
        3,
        "10:00",
        PENDING,
        CUSTOMER,
        note="想看看书房放不放得下两张桌子。",
        house=COURTYARD,
    ),
    Wish(41, HUBIN, 4, "14:30", CONFIRMED, house=LAKE_VIEW),
    Wish(42, HUBIN, 1, "11:30", PENDING, note="带一只猫，可以吗？", house=SOUTH_FACING),
    Wish(43, HUBIN, 3, "15:00", CONFIRMED, house=RIVERSIDE),
    Wish(44, HUBIN, 2, "16:00", CONFIRMED, house=AGENCY),
)

# Being served right now, at the store that never closes.
RUNNING = Wish(22, CHENGZHAN, 0, "", Goal.IN_PROGRESS)

# Late at night few work: the first take them all, the others wait in line for that start.
LINE_DAY, LINE_CLOCK = 6, "23:30"
LINE_FIRST = tuple(Wish(n, BINJIANG, LINE_DAY, LINE_CLOCK, CONFIRMED) for n in range(23, 27))
LINE_WAITING = (
    Wish(27, BINJIANG, LINE_DAY, LINE_CLOCK, Goal.WAITING, note="门锁打不开，人在门外也可以等。"),
    Wish(28, BINJIANG, LINE_DAY, LINE_CLOCK, Goal.WAITING, CUSTOMER, note="电脑蓝屏，赶时间。"),
)

_PAST_GOALS = (Goal.COMPLETED, Goal.COMPLETED, Goal.NO_SHOW, Goal.COMPLETED, Goal.CANCELLED)
_PAST_CLOCKS = ("10:30", "15:00", "17:00", "11:30", "14:00")

PAST = (
    *(
        Wish(100 + 10 * place + n, store, -1 - n, _PAST_CLOCKS[n], goal)
        for place, store in enumerate(STORES)
        for n, goal in enumerate(_PAST_GOALS)
    ),
    Wish(170, HUBIN, -3, "14:30", Goal.COMPLETED, CUSTOMER, REALTOR),
    Wish(171, WULIN, -5, "16:00", Goal.COMPLETED, CUSTOMER),
    Wish(172, WENSAN, -2, "09:00", Goal.CANCELLED, CUSTOMER),
    Wish(173, HUBIN, -4, "10:30", Goal.COMPLETED, CUSTOMER, house=SOUTH_FACING),
    Wish(174, HUBIN, -6, "16:00", Goal.COMPLETED, house=SOUTH_FACING),
)
