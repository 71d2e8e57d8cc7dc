"""What goes in and comes out where seats are booked, in Document 3's names."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.models import Appointment, PaymentStatus, Status
from booking_site.common.api.inputs import IdField, ReasonField, TextField
from booking_site.common.api.times import (
    InstantField,
    QueryDateField,
    WallClockField,
    WallDateField,
)

MOST_SESSIONS = 50
OptionalId = extend_schema_field({"type": "string", "nullable": True})
# Where nothing is asked for in advance, nothing is owed: the document knows no fourth word.
SHOWN = {PaymentStatus.NOT_REQUIRED.value: PaymentStatus.PAID.value}
PAYMENT_STATUSES = [
    PaymentStatus.UNPAID.value,
    PaymentStatus.PAID.value,
    PaymentStatus.REFUNDED.value,
]


class SeatWishShape(serializers.Serializer):
    """``slotId`` for a seat of one session; ``slotIds`` where the course is booked in packages.
    ``courseId`` and ``teacherId`` must be those of the session; what the seat costs, and who sits
    there, nobody says but the course and the account. ``childId``: one of the caller's children.
    ``lockToken``: of the lock that the booking takes over; one's own is found without it, too."""

    slotId = IdField(required=False, allow_null=True)
    slotIds = serializers.ListField(
        child=IdField(), max_length=MOST_SESSIONS, required=False, allow_null=True
    )
    courseId = IdField(required=False, allow_null=True)
    teacherId = IdField(required=False, allow_null=True)
    childId = IdField(required=False, allow_null=True)
    notes = TextField(max_length=1000, required=False, allow_null=True, allow_blank=True)
    lockToken = serializers.CharField(
        max_length=64, required=False, allow_null=True, allow_blank=True
    )

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("slotId") is None and not body.get("slotIds"):
            required = self.fields["slotId"].error_messages["required"]
            raise serializers.ValidationError({"slotId": [required]})
        return body


class SeatQueryShape(serializers.Serializer):
    """``bookingDate`` is one of each store's calendar."""

    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    paymentStatus = serializers.ChoiceField(PAYMENT_STATUSES, required=False, allow_blank=True)
    courseId = IdField(required=False)
    bookingDate = QueryDateField(required=False)


class SeatCancelShape(serializers.Serializer):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class SeatMoveShape(serializers.Serializer):
    slotId = IdField()


class SeatShape(serializers.Serializer):
    """Of an Appointment with a session. ``dueNow``: what is asked for before it is confirmed, until
    ``payBefore``. ``teacherNote`` is for the teacher and for staff, whose appointments' ids stand
    as ``run`` in the context; null for everybody else."""

    id = serializers.CharField(source="pk")
    appointmentCode = serializers.CharField(source="code", allow_null=True)
    courseId = serializers.CharField(source="listing_id")
    courseName = serializers.CharField(source="listing.title")
    teacherId = serializers.CharField(source="realtor_id")
    teacherName = serializers.CharField(source="realtor.name")
    institutionId = serializers.CharField(source="store_id")
    institutionName = serializers.CharField(source="store.name")
    studentId = serializers.SerializerMethodField()
    studentName = serializers.CharField(source="customer_name")
    studentEmail = serializers.CharField(source="customer_email")
    studentPhone = serializers.CharField(source="customer_phone")
    childId = serializers.SerializerMethodField()
    childName = serializers.CharField(source="child.name", default=None, allow_null=True)
    slotId = serializers.CharField(source="session_id")
    packageId = serializers.SerializerMethodField()
    bookingDate = WallDateField(source="starts_local", read_only=True)
    startTime = WallClockField(source="starts_local", read_only=True)
    endTime = WallClockField(source="ends_local", read_only=True)
    startsAt = InstantField(source="starts_at", store="store", read_only=True)
    duration = serializers.IntegerField(source="duration_minutes")
    status = serializers.ChoiceField(Status.choices)
    paymentStatus = serializers.SerializerMethodField()
    price = serializers.FloatField()
    commission = serializers.FloatField()
    finalPrice = serializers.FloatField(source="final_price")
    currency = serializers.CharField()
    dueNow = serializers.FloatField(source="due_now")
    payBefore = InstantField(source="pay_before", store="store", read_only=True, allow_null=True)
    cancelFee = serializers.FloatField(source="cancel_fee")
    studentNote = serializers.CharField(source="customer_note")
    teacherNote = serializers.SerializerMethodField()
    createdAt = InstantField(source="created_at", store="store", read_only=True)
    updatedAt = InstantField(source="updated_at", store="store", read_only=True)
    confirmedAt = InstantField(
        source="confirmed_at", store="store", read_only=True, allow_null=True
    )
    cancelledAt = InstantField(
        source="cancelled_at", store="store", read_only=True, allow_null=True
    )
    completedAt = InstantField(
        source="completed_at", store="store", read_only=True, allow_null=True
    )

    @OptionalId
    def get_studentId(self, booking: Appointment) -> str | None:
        return str(booking.user_id) if booking.user_id else None

    @OptionalId
    def get_childId(self, booking: Appointment) -> str | None:
        return str(booking.child_id) if booking.child_id else None

    @OptionalId
    def get_packageId(self, booking: Appointment) -> str | None:
        return str(booking.package_id) if booking.package_id else None

    @extend_schema_field(serializers.ChoiceField(PAYMENT_STATUSES))
    def get_paymentStatus(self, booking: Appointment) -> str:
        return SHOWN.get(booking.payment_status, booking.payment_status)

    @extend_schema_field({"type": "string", "nullable": True})
    def get_teacherNote(self, booking: Appointment) -> str | None:
        return booking.provider_note if booking.pk in self.context["run"] else None


class SeatsOfPackageShape(serializers.Serializer):
    """All that was booked together. ``dueNow`` is of all of them, in one payment."""

    packageId = serializers.CharField(allow_null=True)
    bookings = SeatShape(many=True)
    finalPrice = serializers.FloatField()
    dueNow = serializers.FloatField()
    currency = serializers.CharField()
    payBefore = InstantField(read_only=True, allow_null=True)
