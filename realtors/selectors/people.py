"""What others may ask about realtors."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from booking_site.common.periods import Period
from realtors.models import Realtor, RealtorQuerySet, TimeOff, WorkingInterval
from realtors.rules import WorkingWeek
from stores.models import Category
from stores.rules import Interval

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

WeekRows = dict[int, list[Interval]]


def realtors_visible_to(user: "User | AnonymousUser") -> RealtorQuerySet:
    """Those who can be booked, and those whom the caller runs."""
    bookable = Realtor.objects.bookable()
    if not user.is_authenticated:
        return bookable
    run = Realtor.objects.run_by(user).values("pk")
    return Realtor.objects.filter(Q(is_active=True, store__is_active=True) | Q(pk__in=run))


def people_by_category() -> list[tuple[Category, int]]:
    """Every category in its order, with how many people who can be booked are good at it.
    One query."""
    there = Realtor.objects.bookable().values("pk")
    people = Count("realtors", filter=Q(realtors__in=there), distinct=True)
    # Grouped rows forget the order of their model.
    rows = Category.objects.annotate(people=people).order_by("position", "pk")
    return [(row, row.people) for row in rows]


def run_among(realtors: Iterable[Realtor], user: "User | AnonymousUser") -> set[int]:
    """Which of these the caller may see in full. One query, none for guests."""
    if not user.is_authenticated:
        return set()
    ids = [realtor.pk for realtor in realtors]
    return set(Realtor.objects.run_by(user).filter(pk__in=ids).values_list("pk", flat=True))


def own_realtor(user: "User | AnonymousUser") -> Realtor | None:
    """Whom this account works as, with the store. One query, none for guests."""
    if not user.is_authenticated:
        return None
    return Realtor.objects.select_related("store").filter(user=user).first()


def coming_time_off(realtor: Realtor, *, at: datetime) -> list[TimeOff]:
    """What is not over yet, the next one first. One query."""
    return list(realtor.time_off.filter(ends_at__gt=at).order_by("starts_at", "pk"))


def working_weeks(realtors: Iterable[Realtor], within: Period) -> dict[int, WorkingWeek]:
    """The weeks of these realtors by id, with the time off that touches ``within``. Two queries."""
    ids = [realtor.pk for realtor in realtors]
    rows: dict[tuple[int, str], WeekRows] = defaultdict(lambda: defaultdict(list))
    for row in WorkingInterval.objects.filter(realtor_id__in=ids):
        rows[row.realtor_id, row.kind][row.weekday].append(Interval(row.starts, row.ends))
    away: dict[int, list[Period]] = defaultdict(list)
    for off in TimeOff.objects.filter(
        realtor_id__in=ids, starts_at__lt=within.end, ends_at__gt=within.start
    ):
        away[off.realtor_id].append(Period(off.starts_at, off.ends_at))
    return {
        pk: WorkingWeek(
            work=_frozen(rows[pk, WorkingInterval.Kind.WORK]),
            breaks=_frozen(rows[pk, WorkingInterval.Kind.BREAK]),
            time_off=tuple(away[pk]),
        )
        for pk in ids
    }


def _frozen(week: WeekRows) -> dict[int, tuple[Interval, ...]]:
    return {weekday: tuple(intervals) for weekday, intervals in week.items()}


def ordinary_week(realtor: Realtor) -> WorkingWeek:
    """Hours and breaks of an ordinary week, without time off. One query."""
    rows: dict[str, WeekRows] = defaultdict(lambda: defaultdict(list))
    for row in WorkingInterval.objects.filter(realtor=realtor):
        rows[row.kind][row.weekday].append(Interval(row.starts, row.ends))
    return WorkingWeek(
        work=_frozen(rows[WorkingInterval.Kind.WORK]),
        breaks=_frozen(rows[WorkingInterval.Kind.BREAK]),
    )
