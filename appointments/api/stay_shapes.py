"""What goes in and comes out where nights of pets are booked."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.models import Appointment, PaymentStatus, Status, StayPet
from appointments.services.stays import MOST_PETS
from booking_site.common.api.inputs import IdField, ReasonField, TextField
from booking_site.common.api.times import InstantField

OptionalId = extend_schema_field({"type": "string", "nullable": True})


class StayWishShape(serializers.Serializer):
    """Nights ``[check_in, check_out)`` of the place's calendar, for ``pet_ids`` of the caller's
    own. What it costs, the place says. ``user_id``: the caller, if it is said; staff of the store
    name the account they book for, with pets of theirs."""

    service_id = IdField()
    pet_ids = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_PETS)
    check_in = serializers.DateField()
    check_out = serializers.DateField()
    notes = TextField(max_length=1000, required=False, allow_null=True, allow_blank=True)
    user_id = IdField(required=False, allow_null=True)


class StayReasonShape(serializers.Serializer):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class StayMoveShape(serializers.Serializer):
    check_in = serializers.DateField()


class StayPetShape(serializers.Serializer):
    """As it was called when it was booked; ``id`` is null once it is no longer written down."""

    id = serializers.SerializerMethodField()
    name = serializers.CharField()
    species = serializers.CharField()

    @OptionalId
    def get_id(self, pet: StayPet) -> str | None:
        return str(pet.pet_id) if pet.pet_id else None


class StayShape(serializers.Serializer):
    """Of an Appointment with nights. ``price_per_night`` is of a pet; ``total`` of all pets and
    nights, of which ``due_now`` is asked for before it is confirmed, until ``pay_before``.
    ``starts_at`` and ``ends_at``: the hours of bringing and fetching."""

    id = serializers.CharField(source="pk")
    appointment_code = serializers.CharField(source="code", allow_null=True)
    service_id = serializers.CharField(source="listing_id")
    service_name = serializers.CharField(source="listing.title")
    sitter_id = serializers.CharField(source="realtor_id")
    sitter_name = serializers.CharField(source="realtor.name")
    store_id = serializers.CharField()
    store_name = serializers.CharField(source="store.name")
    address = serializers.CharField(source="listing.whole_address")
    user_id = serializers.SerializerMethodField()
    customer_name = serializers.CharField()
    customer_phone = serializers.CharField()
    pets = StayPetShape(many=True, source="stay_pets")
    check_in = serializers.DateField()
    check_out = serializers.DateField()
    nights = serializers.IntegerField()
    starts_at = InstantField(store="store", read_only=True)
    ends_at = InstantField(store="store", read_only=True)
    status = serializers.ChoiceField(Status.choices)
    status_display = serializers.CharField(source="get_status_display")
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    price_per_night = serializers.FloatField(source="nightly_price")
    total = serializers.FloatField(source="final_price")
    due_now = serializers.FloatField()
    pay_before = InstantField(store="store", read_only=True, allow_null=True)
    cancel_fee = serializers.FloatField()
    currency = serializers.CharField()
    notes = serializers.CharField(source="customer_note")
    cancel_reason = serializers.CharField()
    created_at = InstantField(store="store", read_only=True)
    updated_at = InstantField(store="store", read_only=True)
    confirmed_at = InstantField(store="store", read_only=True, allow_null=True)
    checked_in_at = InstantField(
        source="started_at", store="store", read_only=True, allow_null=True
    )
    checked_out_at = InstantField(
        source="completed_at", store="store", read_only=True, allow_null=True
    )
    cancelled_at = InstantField(store="store", read_only=True, allow_null=True)

    @OptionalId
    def get_user_id(self, stay: Appointment) -> str | None:
        return str(stay.user_id) if stay.user_id else None
