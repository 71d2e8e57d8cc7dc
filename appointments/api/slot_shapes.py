"""What goes in and comes out where a course's sessions are concerned: Document 3's time slots."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.models import SessionStatus, SkippedSession
from appointments.selectors.sessions import Seats, SeatState
from appointments.services.session_checks import MOST_ADDED
from booking_site.common.api.inputs import LineField, ReasonField
from booking_site.common.api.times import (
    ClockField,
    InstantField,
    QueryDateField,
    WallClockField,
    WallDateField,
)

CALLED_OFF = SessionStatus.CANCELLED.value
STATES = [*(one.value for one in SeatState), CALLED_OFF]
STEPS = [
    SeatState.AVAILABLE.value,
    SeatState.BLOCKED.value,
    SeatState.COMPLETED.value,
    CALLED_OFF,
]


class ModifierField(serializers.DecimalField):
    """Added to the course's price; less than nothing takes from it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=12,
            decimal_places=2,
            min_value=-MOST_ADDED,
            max_value=MOST_ADDED,
            coerce_to_string=False,
            **options,
        )


class SlotTimesShape(serializers.Serializer):
    """By the store's wall clock. An ``endTime`` at or before the start is the next day's."""

    slotDate = serializers.DateField(required=False)
    endTime = ClockField(required=False)
    duration = serializers.IntegerField(
        min_value=5,
        max_value=1440,
        required=False,
        help_text=gettext_lazy("In minutes; the course's when neither this nor an end is given."),
    )
    capacity = serializers.IntegerField(min_value=1, max_value=500, required=False)
    priceModifier = ModifierField(required=False)
    override = serializers.BooleanField(
        default=False,
        help_text=gettext_lazy("Although the store is closed then or the teacher has time off."),
    )

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        if "endTime" in body and "duration" in body:
            raise serializers.ValidationError({"duration": [_("Give this or the end, not both.")]})
        return body


class SlotWishShape(SlotTimesShape):
    """One session on ``slotDate``; or with ``weekdays`` (0 is Monday) those that recur from
    ``dateFrom`` on, each as long as the course says."""

    startTime = ClockField()
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), max_length=7, required=False
    )
    dateFrom = serializers.DateField(required=False)
    dateTo = serializers.DateField(required=False, allow_null=True)

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        recurring = "weekdays" in body
        needed = "dateFrom" if recurring else "slotDate"
        if needed not in body:
            required = self.fields[needed].error_messages["required"]
            raise serializers.ValidationError({needed: [required]})
        others = ("slotDate", "endTime", "duration") if recurring else ("dateFrom", "dateTo")
        wrong = [name for name in others if name in body]
        if recurring and body["override"]:
            wrong.append("override")
        if wrong:
            message = _("One session has a date of its own, those that recur have weekdays.")
            raise serializers.ValidationError({name: [message] for name in wrong})
        return super().validate(body)


class SlotChangeShape(SlotTimesShape):
    """Only what is named changes; times only while nobody has a seat. ``status``: blocked nobody
    may book it any more; completed closes it, and whoever was not marked as absent was there;
    cancelled calls off every seat at no cost to those who have one."""

    startTime = ClockField(required=False)
    status = serializers.ChoiceField(STEPS, required=False)
    reason = ReasonField(max_length=200, required=False, allow_blank=True)


class SlotRangeShape(serializers.Serializer):
    """By the store's calendar, ``dateTo`` included; the days that can be booked when missing."""

    dateFrom = QueryDateField(required=False)
    dateTo = QueryDateField(required=False)


class TeacherDayShape(serializers.Serializer):
    date = QueryDateField(
        required=False, help_text=gettext_lazy("All that can be booked when missing.")
    )


class CourseSlotShape(serializers.Serializer):
    """Of Seats. ``bookedCount`` counts live locks. ``status``: blocked is also what has begun, or
    cannot be booked yet or any more; cancelled is told to whoever has just called it off."""

    id = serializers.CharField(source="session.pk")
    courseId = serializers.CharField(source="session.listing_id")
    teacherId = serializers.CharField(source="session.realtor_id")
    institutionId = serializers.CharField(source="session.store_id")
    slotDate = WallDateField(source="session.starts_local", read_only=True)
    startTime = WallClockField(source="session.starts_local", read_only=True)
    endTime = WallClockField(source="session.ends_local", read_only=True)
    startsAt = InstantField(source="session.starts_at", store="session.store", read_only=True)
    duration = serializers.IntegerField(source="session.duration_minutes")
    capacity = serializers.IntegerField(source="session.capacity")
    bookedCount = serializers.IntegerField(source="taken")
    status = serializers.SerializerMethodField()
    priceModifier = serializers.FloatField(source="session.price_modifier")
    price = serializers.FloatField(source="session.price")
    currency = serializers.CharField(source="session.listing.currency")

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_status(self, seats: Seats) -> str:
        cancelled = seats.session.status == SessionStatus.CANCELLED
        return CALLED_OFF if cancelled else seats.state.value


class CourseSlotsShape(serializers.Serializer):
    slots = CourseSlotShape(many=True)


class SkippedSlotShape(serializers.Serializer):
    slotDate = serializers.DateField(source="date")
    reason = serializers.ChoiceField(SkippedSession.Reason.choices)
    reasonDisplay = LineField(source="get_reason_display")


class RecurringSlotsShape(serializers.Serializer):
    """What recurs, the sessions it has made by now, and the dates on which it could not. It goes on
    by itself day by day."""

    ruleId = serializers.CharField()
    weekdays = serializers.ListField(child=serializers.IntegerField())
    startTime = ClockField()
    dateFrom = serializers.DateField()
    dateTo = serializers.DateField(allow_null=True)
    madeUntil = serializers.DateField(allow_null=True)
    slots = CourseSlotShape(many=True)
    skipped = SkippedSlotShape(many=True)


class SlotLockShape(serializers.Serializer):
    slotId = serializers.CharField(source="session_id")
    lockToken = serializers.CharField(source="token")
    lockedUntil = InstantField(source="expires_at", store="store", read_only=True)


class SeatWishedShape(serializers.Serializer):
    """Told once, when a seat is free."""

    slotId = serializers.CharField(source="session_id")
    since = InstantField(source="created_at", store="session.store", read_only=True)
