"""A realtor's days as they stand: what is booked, and around it when they and the store work."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE
from booking_site.common.periods import Period, intersect, local_day
from realtors.models import Realtor
from realtors.rules import WorkingWeek
from realtors.selectors import working_weeks
from stores.rules import OpeningHours, hours_as_periods
from stores.selectors import opening_hours

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkTime:
    """When somebody works between two local dates, and why not in the rest of it."""

    hours: OpeningHours
    week: WorkingWeek
    first: date
    last: date

    @property
    def open(self) -> list[Period]:
        return self.hours.periods(self.first, self.last)

    @property
    def bookable(self) -> list[Period]:
        return self.week.periods(self.first, self.last, self.hours)

    @property
    def breaks(self) -> list[Period]:
        """As far as they interrupt work."""
        found = hours_as_periods(
            lambda day: self.week.breaks.get(day.weekday(), ()),
            self.hours.zone,
            self.first - DAY,
            self.last,
        )
        without = WorkingWeek(work=self.week.work, breaks={})
        return intersect(found, without.periods(self.first, self.last, self.hours))

    @property
    def time_off(self) -> list[Period]:
        return sorted(self.week.time_off)


def work_time(realtor: Realtor, first: date, last: date) -> WorkTime:
    """Four queries."""
    zone = realtor.store.zone
    whole = Period(local_day(first, zone).start, local_day(last, zone).end)
    week = working_weeks([realtor], whole)[realtor.pk]
    return WorkTime(opening_hours(realtor.store, first, last), week, first, last)


def booked_between(realtor: Realtor, first: date, last: date) -> list[Appointment]:
    """What has a time and takes place, or took place, on these days; seats aside, which stand there
    as their sessions, and stays, which take nobody's time. One query."""
    zone = realtor.store.zone
    whole = Period(local_day(first, zone).start, local_day(last, zone).end)
    timed = Q(live=False) | Q(status__in=[Status.IN_PROGRESS, Status.COMPLETED])
    rows = Appointment.objects.of_time().filter(
        timed,
        realtor=realtor,
        status__in=[*LIVE, Status.COMPLETED, Status.NO_SHOW],
        # None is longer than a day; this bound lets the index find them.
        starts_at__gte=whole.start - DAY,
        starts_at__lt=whole.end,
        ends_at__gt=whole.start,
    )
    found = list(rows.select_related("listing", "order").order_by("starts_at", "pk"))
    for one in found:
        one.store = realtor.store
    return found
