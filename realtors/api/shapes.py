"""What goes in and comes out where realtors, their hours and their time off are concerned."""

from typing import Any

from rest_framework import serializers

from booking_site.common.api.inputs import IdField, LineField, rows_of_shape
from booking_site.common.api.times import InstantField
from realtors.models import Presence, Realtor
from realtors.rules import WorkingWeek
from stores.api.shapes import INTERVALS_A_WEEK, SortShape, WeekdayIntervalShape, rows_of


class RealtorQueryShape(SortShape):
    store_id = IdField(required=False)


class SkillShape(serializers.Serializer):
    id = serializers.CharField(source="pk")
    slug = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()


class RealtorShape(serializers.Serializer):
    """``phone`` and ``email`` are there only for the realtor and for staff of the store, whose
    realtors' ids stand as ``run`` in the context."""

    id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    realtor_name = serializers.CharField(source="name")
    status = serializers.ChoiceField(Presence.choices, source="presence")
    rating = serializers.FloatField()
    review_count = serializers.IntegerField()
    is_active = serializers.BooleanField()
    skills = SkillShape(many=True)
    phone = serializers.CharField(required=False)
    email = serializers.CharField(required=False)

    def to_representation(self, realtor: Realtor) -> dict[str, Any]:
        row: dict[str, Any] = super().to_representation(realtor)
        if realtor.pk not in self.context["run"]:
            del row["phone"], row["email"]
        return row


class WorkingWeekShape(serializers.Serializer):
    """The whole week by the store's wall clock. No ``hours`` at all: whenever the store is open."""

    hours = rows_of_shape(WeekdayIntervalShape, most=INTERVALS_A_WEEK)
    breaks = rows_of_shape(WeekdayIntervalShape, most=INTERVALS_A_WEEK, default=list)


class RealtorHoursShape(serializers.Serializer):
    realtor_id = serializers.CharField()
    store_id = serializers.CharField()
    time_zone = serializers.CharField()
    hours = WeekdayIntervalShape(many=True)
    breaks = WeekdayIntervalShape(many=True)


class TimeOffShape(serializers.Serializer):
    id = serializers.CharField(source="pk", read_only=True)
    starts_at = InstantField(store="realtor.store")
    ends_at = InstantField(store="realtor.store")
    reason = LineField(max_length=100, allow_blank=True, default="")


class HeartbeatShape(serializers.Serializer):
    """``realtor_id``: the caller's own when missing; staff of the store name somebody."""

    realtor_id = IdField(required=False, allow_null=True)


class PresenceWishShape(HeartbeatShape):
    status = serializers.ChoiceField(Presence.choices)


class PresenceShape(serializers.Serializer):
    """``away``: an offer was not answered, so nobody is sent to them before a sign of life."""

    realtor_id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    status = serializers.ChoiceField(Presence.choices, source="presence")
    away = serializers.SerializerMethodField()
    last_seen_at = InstantField(store="store", read_only=True, allow_null=True)

    def get_away(self, realtor: Realtor) -> bool:
        return realtor.away_since is not None


def hours_answer(realtor: Realtor, week: WorkingWeek) -> dict[str, Any]:
    row = {
        "realtor_id": realtor.pk,
        "store_id": realtor.store_id,
        "time_zone": realtor.store.time_zone,
        "hours": rows_of(week.work),
        "breaks": rows_of(week.breaks),
    }
    return RealtorHoursShape(row).data
