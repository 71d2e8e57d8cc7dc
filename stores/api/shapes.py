"""What goes in and comes out where stores and their hours are concerned."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.api.inputs import LineField, RowShape, rows_of_shape
from booking_site.common.api.times import ClockField
from stores.models import Store
from stores.models.hours import Weekday
from stores.rules import Interval

# More of them are a mistake, or somebody who wants to keep us busy.
INTERVALS_A_DAY = 10
INTERVALS_A_WEEK = 7 * INTERVALS_A_DAY

Week = Mapping[int, Iterable[Interval]]


class SortShape(serializers.Serializer):
    """``rating``: the best first, weighed by how many say so; else in the order of their ids."""

    sort = serializers.ChoiceField(["rating"], required=False, allow_blank=True)


class IntervalShape(RowShape):
    """By the store's wall clock. ``closes`` at or before ``opens`` is past midnight; 00:00 to
    00:00 is the whole day."""

    opens = ClockField()
    closes = ClockField()


class WeekdayIntervalShape(IntervalShape):
    weekday = serializers.IntegerField(
        min_value=Weekday.MONDAY, max_value=Weekday.SUNDAY, help_text="0 is Monday."
    )


class WeekShape(serializers.Serializer):
    """The whole week; a weekday that is not named is closed."""

    hours = rows_of_shape(WeekdayIntervalShape, most=INTERVALS_A_WEEK)


class StoreHoursShape(serializers.Serializer):
    store_id = serializers.CharField()
    time_zone = serializers.CharField()
    hours = WeekdayIntervalShape(many=True)


class StoreShape(serializers.Serializer):
    """Needs ``hours`` by store id and ``at`` in its context."""

    id = serializers.CharField(source="pk")
    store_name = serializers.CharField(source="name")
    address = serializers.CharField()
    phone = serializers.CharField()
    city = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    time_zone = serializers.CharField()
    business_hours = serializers.SerializerMethodField()
    rating = serializers.FloatField()
    review_count = serializers.IntegerField()
    is_active = serializers.BooleanField()
    open_now = serializers.SerializerMethodField()

    @extend_schema_field(WeekdayIntervalShape(many=True))
    def get_business_hours(self, store: Store) -> list[dict[str, Any]]:
        week = self.context["hours"][store.pk].week
        return list(WeekdayIntervalShape(rows_of(week), many=True).data)

    def get_open_now(self, store: Store) -> bool:
        is_open: bool = self.context["hours"][store.pk].is_open(self.context["at"])
        return is_open


class SpecialDayShape(serializers.Serializer):
    """Other hours on one date; without hours the store is closed."""

    id = serializers.CharField(source="pk", read_only=True)
    date = serializers.DateField()
    note = LineField(max_length=100, allow_blank=True, default="")
    hours = rows_of_shape(IntervalShape, most=INTERVALS_A_DAY, source="intervals", default=list)


def intervals_of(rows: Iterable[Mapping[str, Any]]) -> list[Interval]:
    """From the rows of a body to what services take."""
    return [Interval(row["opens"], row["closes"]) for row in rows]


def week_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Interval]]:
    """From the rows of a body to what services take."""
    weekday_of = itemgetter("weekday")
    groups = groupby(sorted(rows, key=weekday_of), weekday_of)
    return {weekday: intervals_of(group) for weekday, group in groups}


def rows_of(week: Week) -> list[dict[str, Any]]:
    """And back, in order."""
    return [
        {"weekday": weekday, "opens": interval.opens, "closes": interval.closes}
        for weekday in sorted(week)
        for interval in sorted(week[weekday], key=attrgetter("opens"))
    ]


def hours_answer(store: Store, week: Week) -> dict[str, Any]:
    row = {"store_id": store.pk, "time_zone": store.time_zone, "hours": rows_of(week)}
    return StoreHoursShape(row).data


def special_day_facts(body: dict[str, Any]) -> dict[str, Any]:
    """From a body, whole or in part, to the keywords of services."""
    names = {"date": "day", "note": "note", "intervals": "hours"}
    facts = {names[name]: value for name, value in body.items()}
    if "hours" in facts:
        facts["hours"] = intervals_of(facts["hours"])
    return facts
