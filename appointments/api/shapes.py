"""What comes out of the appointment family."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.serializers import PolymorphicProxySerializerExtension
from drf_spectacular.utils import Direction, PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from appointments.models import Appointment, AppointmentEvent, PaymentStatus, Status
from appointments.models.log import Action
from appointments.selectors.lines import queue_positions
from appointments.selectors.slots import NoneBecause
from appointments.selectors.waits import estimated_waits
from booking_site.common.api.times import InstantField, WallClockField, WallDateField

OptionalId = extend_schema_field({"type": "string", "nullable": True})


class OutlineShape(serializers.Serializer):
    """What the code alone opens. Needs ``positions`` and ``waits`` by appointment id in its
    context."""

    appointment_code = serializers.CharField(source="code", allow_null=True)
    store_id = serializers.CharField()
    store_name = serializers.CharField(source="store.name")
    realtor_id = serializers.SerializerMethodField()
    realtor_name = serializers.SerializerMethodField()
    appointment_date = WallDateField(source="starts_local", read_only=True)
    start_time = WallClockField(source="starts_local", read_only=True)
    end_time = WallClockField(source="ends_local", read_only=True)
    starts_at = InstantField(store="store", read_only=True)
    ends_at = InstantField(store="store", read_only=True)
    status = serializers.ChoiceField(Status.choices)
    status_display = serializers.CharField(source="get_status_display")
    queue_position = serializers.SerializerMethodField()
    estimated_wait_minutes = serializers.SerializerMethodField()

    @OptionalId
    def get_realtor_id(self, appointment: Appointment) -> str | None:
        return str(appointment.realtor_id) if appointment.realtor_id else None

    def get_realtor_name(self, appointment: Appointment) -> str | None:
        return appointment.realtor.name if appointment.realtor else None

    def get_queue_position(self, appointment: Appointment) -> int:
        position: int = self.context["positions"][appointment.pk]
        return position

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_estimated_wait_minutes(self, appointment: Appointment) -> int | None:
        """Belongs to the live line, null where nobody is on duty; unknown in the line of a
        scheduled start."""
        minutes: int | None = self.context["waits"][appointment.pk]
        return minutes


class AppointmentShape(OutlineShape):
    """Everything, for those whose appointment it is. ``check_in`` and ``check_out`` are null, and
    ``nights`` 0, of what is no stay."""

    id = serializers.CharField(source="pk")
    user_id = serializers.SerializerMethodField()
    listing_id = serializers.SerializerMethodField()
    listing_title = serializers.CharField(source="listing.title", default=None, allow_null=True)
    check_in = serializers.DateField(allow_null=True)
    check_out = serializers.DateField(allow_null=True)
    nights = serializers.IntegerField()
    realtor_confirmed = serializers.BooleanField()
    customer_name = serializers.CharField()
    customer_phone = serializers.CharField()
    duration_minutes = serializers.IntegerField()
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    price = serializers.FloatField()
    final_price = serializers.FloatField()
    currency = serializers.CharField()
    requirements = serializers.CharField()
    created_at = InstantField(store="store", read_only=True)
    updated_at = InstantField(store="store", read_only=True)

    @OptionalId
    def get_user_id(self, appointment: Appointment) -> str | None:
        return str(appointment.user_id) if appointment.user_id else None

    @OptionalId
    def get_listing_id(self, appointment: Appointment) -> str | None:
        """What was booked: of a seat its course."""
        return str(appointment.listing_id) if appointment.listing_id else None


class AppointmentOrOutline(PolymorphicProxySerializer):
    """Which of the two, the caller's rights decide."""


class AppointmentOrOutlineDocument(PolymorphicProxySerializerExtension):
    """An appointment is an outline as well, so the document must not say "exactly one of"."""

    target_class = "appointments.api.shapes.AppointmentOrOutline"
    priority = 1

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return {"anyOf": super().map_serializer(auto_schema, direction)["oneOf"]}


class EntryShape(serializers.Serializer):
    """One entry of the operation log. ``by``: customer, guest, realtor, staff or system."""

    action = serializers.ChoiceField(Action.choices)
    action_display = serializers.CharField(source="get_action_display")
    from_status = serializers.ChoiceField(
        Status.choices, allow_blank=True, help_text="Empty in the first entry."
    )
    to_status = serializers.ChoiceField(Status.choices)
    by = serializers.SerializerMethodField()
    reason = serializers.CharField()
    details = serializers.SerializerMethodField()
    at = InstantField(store="appointment.store", read_only=True)

    def get_by(self, entry: AppointmentEvent) -> str:
        appointment, user = entry.appointment, entry.actor_user
        if user is None:
            return entry.actor_kind
        if user.pk == appointment.user_id:
            return "customer"
        is_realtor = appointment.realtor is not None and appointment.realtor.user_id == user.pk
        return "staff" if user.is_staff and not is_realtor else "realtor"

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_details(self, entry: AppointmentEvent) -> dict[str, Any]:
        """Not all we wrote down: how busy a realtor is, is the store's own affair."""
        shown = ("from", "to")
        return {name: value for name, value in entry.details.items() if name in shown}


class SlotShape(serializers.Serializer):
    """``available`` exactly when at least one realtor is free for the whole duration."""

    start_time = WallClockField(source="starts_at", read_only=True)
    end_time = WallClockField(source="ends_at", read_only=True)
    starts_at = InstantField(read_only=True)
    available = serializers.BooleanField()
    free_realtors = serializers.IntegerField()
    queue_length = serializers.IntegerField()


class DayShape(serializers.Serializer):
    """``reason`` is null, or why the day has no available start."""

    date = serializers.DateField()
    reason = serializers.ChoiceField([one.value for one in NoneBecause], allow_null=True)
    slots = SlotShape(many=True)


class SlotsShape(serializers.Serializer):
    store_id = serializers.CharField()
    days = DayShape(many=True)


class HoldShape(serializers.Serializer):
    hold_token = serializers.CharField(source="token")
    store_id = serializers.CharField()
    realtor_id = serializers.CharField()
    starts_at = InstantField(store="store", read_only=True)
    ends_at = InstantField(store="store", read_only=True)
    duration_minutes = serializers.IntegerField()
    expires_at = InstantField(store="store", read_only=True)


class LiveLineShape(serializers.Serializer):
    """``estimated_wait_minutes``: of somebody who joined now; null when nobody is on duty, or the
    turn would come after their work or after the place has lapsed."""

    store_id = serializers.CharField()
    queue_length = serializers.IntegerField(source="length")
    estimated_wait_minutes = serializers.IntegerField(source="wait_minutes", allow_null=True)
    on_duty = serializers.IntegerField(help_text="Who would take one more live customer now.")
    serves_today = serializers.BooleanField(help_text="False: nobody can join any more today.")


def full(appointment: Appointment) -> dict[str, Any]:
    return full_list([appointment])[0]


def full_list(appointments: Iterable[Appointment]) -> list[dict[str, Any]]:
    rows = list(appointments)
    return list(AppointmentShape(rows, many=True, context=_of_lines(rows)).data)


def outline(appointment: Appointment) -> dict[str, Any]:
    return OutlineShape(appointment, context=_of_lines([appointment])).data


def _of_lines(rows: list[Appointment]) -> dict[str, Any]:
    positions = queue_positions(rows)
    waits = estimated_waits(rows, at=timezone.now(), positions=positions)
    return {"positions": positions, "waits": waits}
