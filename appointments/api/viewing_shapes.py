"""What goes in and comes out where houses are seen, in Document 1's names: its ids are numbers, and
its times those of the store's wall clock."""

import re
from datetime import date, datetime, time
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.models import Appointment, Status, Verdict
from booking_site.common.api.inputs import IdField, LineField, ReasonField, TextField
from booking_site.common.api.times import InstantField, QueryDateField

LONGEST_NOTE = 1000
SIDES = ("customer", "landlord")
LOCAL_TIME = re.compile(
    r"^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T](?P<clock>[0-9]{2}:[0-9]{2}(:[0-9]{2})?)$"
)
OptionalNumber = extend_schema_field({"type": "integer", "nullable": True})


@extend_schema_field({"type": "string", "example": "2025-01-22 14:00:00"})
class ReserveTimeField(serializers.Field):
    """A time of the store's wall clock, or ISO 8601 with an offset. Read as what a StartShape
    holds: ``appointment_date`` and ``start_time``, or ``starts_at``."""

    default_error_messages = {
        "invalid": _("Use a time like 2025-01-22 14:00:00, or ISO 8601 with an offset.")
    }

    def to_internal_value(self, data: Any) -> dict[str, date | time | datetime]:
        found = LOCAL_TIME.fullmatch(data) if isinstance(data, str) else None
        if found is None:
            return {"starts_at": InstantField().to_internal_value(self._with_offset(data))}
        try:
            return {
                "appointment_date": date.fromisoformat(found["day"]),
                "start_time": time.fromisoformat(found["clock"]),
            }
        except ValueError:
            self.fail("invalid")

    def _with_offset(self, data: Any) -> str:
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            self.fail("invalid")
        if moment is None or moment.tzinfo is None:
            self.fail("invalid")
        return str(data)


class SidesShape(serializers.Serializer):
    """Ids of people open nothing. ``user_id`` and ``landlord_id`` are checked where they are
    said: they are the caller's own, or the caller is staff of the store."""

    landlord_id = IdField(required=False, allow_null=True)
    user_id = IdField(required=False, allow_null=True)


class ReservationWishShape(SidesShape):
    """``landlord_id``: the host of the house; of a house that anybody of an agency shows, whom of
    them one wants. ``user_id``: the caller, if it is said; staff of the store name the account
    they book for. ``house_title`` is not looked at: the house says what it is called."""

    house_id = IdField()
    reserve_time = ReserveTimeField()
    user_name = LineField(max_length=50, required=False, allow_null=True, allow_blank=True)
    house_title = TextField(max_length=200, required=False, allow_null=True, allow_blank=True)
    notes = TextField(max_length=LONGEST_NOTE, required=False, allow_null=True, allow_blank=True)


class ReservationReasonShape(SidesShape):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class FeedbackWishShape(serializers.Serializer):
    """``note`` is for the host alone."""

    verdict = serializers.ChoiceField(Verdict.choices)
    note = TextField(max_length=LONGEST_NOTE, required=False, allow_null=True, allow_blank=True)


class ReservationQueryShape(serializers.Serializer):
    """``as``: on which side of it the caller is; either, when missing. The dates are those of each
    store's calendar."""

    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    house_id = IdField(required=False)
    date_from = QueryDateField(required=False)
    date_to = QueryDateField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        side = serializers.ChoiceField(SIDES, required=False, allow_blank=True)
        return {**super().get_fields(), "as": side}


class FeedbackShape(serializers.Serializer):
    verdict = serializers.ChoiceField(Verdict.choices)
    note = serializers.CharField()


class ReservationShape(serializers.Serializer):
    """Of an Appointment at a house: the fields of the push's `detail`, and what an app shows
    beside them. ``feedback`` is for customer and host, whose reservations' ids stand as ``sides``
    in the context; null for everybody else."""

    reservation_id = serializers.IntegerField(source="pk")
    appointment_code = serializers.CharField(source="code", allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    status_display = serializers.CharField(source="get_status_display")
    house_id = serializers.IntegerField(source="listing_id")
    house_title = serializers.CharField(source="listing.title")
    address = serializers.CharField(source="listing.whole_address")
    landlord_id = serializers.SerializerMethodField()
    landlord_name = serializers.CharField(source="realtor.name", default=None, allow_null=True)
    user_id = serializers.SerializerMethodField()
    user_name = serializers.CharField(source="customer_name")
    user_phone = serializers.CharField(source="customer_phone")
    reserve_time = serializers.SerializerMethodField()
    starts_at = InstantField(store="store", read_only=True)
    ends_at = InstantField(store="store", read_only=True)
    duration_minutes = serializers.IntegerField()
    notes = serializers.CharField(source="requirements")
    cancel_reason = serializers.CharField()
    feedback = serializers.SerializerMethodField()
    store_id = serializers.IntegerField()
    store_name = serializers.CharField(source="store.name")
    created_at = serializers.SerializerMethodField()

    @OptionalNumber
    def get_landlord_id(self, seen: Appointment) -> int | None:
        return seen.realtor.user_id if seen.realtor else None

    @OptionalNumber
    def get_user_id(self, seen: Appointment) -> int | None:
        return seen.user_id

    def get_reserve_time(self, seen: Appointment) -> str:
        return f"{seen.starts_local:%Y-%m-%d %H:%M:%S}"

    @extend_schema_field(FeedbackShape(allow_null=True))
    def get_feedback(self, seen: Appointment) -> dict[str, Any] | None:
        said = getattr(seen, "viewing_feedback", None)
        known = said is not None and seen.pk in self.context["sides"]
        return dict(FeedbackShape(said).data) if known else None

    def get_created_at(self, seen: Appointment) -> int:
        """In seconds since 1970, as in the push."""
        return int(seen.created_at.timestamp())
