"""What goes in and comes out where services are ordered, in the words of Document 4."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.api.inputs import LONGEST_MINUTES
from appointments.api.places import PlaceField
from appointments.api.viewing_shapes import ReserveTimeField
from appointments.models import (
    Appointment,
    CancelRequest,
    Order,
    PaymentStatus,
    RequestState,
    Side,
    Status,
)
from appointments.selectors.orders import back_if_agreed
from appointments.services.cancelling import BINDING
from booking_site.common.api.inputs import IdField, ReasonField, TextField
from booking_site.common.api.times import InstantField
from realtors.api.listing_shapes import MoneyField

LONGEST_NOTE = 1000
OptionalId = extend_schema_field({"type": "string", "nullable": True})
OptionalNumber = extend_schema_field({"type": "number", "nullable": True})


class OrderWishShape(serializers.Serializer):
    """``scheduledTime``: ISO 8601 with an offset, or a time of the store's wall clock.
    ``customerAddress``: where the customer wants it done; at the provider's, when missing.
    ``totalAmount``: what the customer proposes; what the service asks for, when missing.
    ``durationMinutes``: of what is paid by the hour. ``conversationId``: the caller's conversation
    with the provider, in which the order is then shown. ``holdToken``: of a start that was held."""

    serviceId = IdField()
    scheduledTime = ReserveTimeField()
    customerAddress = PlaceField(required=False, allow_null=True)
    notes = TextField(max_length=LONGEST_NOTE, required=False, allow_null=True, allow_blank=True)
    totalAmount = MoneyField(required=False, allow_null=True)
    durationMinutes = serializers.IntegerField(
        min_value=5, max_value=LONGEST_MINUTES, required=False, allow_null=True
    )
    conversationId = IdField(required=False, allow_null=True)
    holdToken = serializers.CharField(max_length=64, required=False, allow_null=True)


class OrderReasonShape(serializers.Serializer):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class CancelAnswerShape(OrderReasonShape):
    agree = serializers.BooleanField()


class ServiceDetailsShape(serializers.Serializer):
    """Of the service as it was when it was ordered. ``price``: of an hour or of a visit."""

    name = serializers.CharField(source="title")
    category = serializers.CharField(allow_null=True)
    subcategory = serializers.CharField(allow_blank=True)
    price = serializers.FloatField()
    priceUnit = serializers.CharField(source="price_unit")
    currency = serializers.CharField()


class OrderPlaceShape(serializers.Serializer):
    """``lat`` and ``lng`` are null where nobody knows."""

    address = serializers.CharField()
    lat = serializers.FloatField(source="latitude", allow_null=True)
    lng = serializers.FloatField(source="longitude", allow_null=True)


class OrderPersonShape(serializers.Serializer):
    """``id`` is the account's: whom a conversation is opened with. Null where there is none."""

    id = serializers.CharField(allow_null=True)
    displayName = serializers.CharField()


class CancelRequestShape(serializers.Serializer):
    """The newest wish to call the order off. ``decision``: what staff have said of it.
    ``refundIfAgreed``: what of the customer's money comes back should the other side agree now;
    null once it is settled."""

    id = serializers.CharField(source="pk")
    askedBy = serializers.ChoiceField(Side.choices, source="side")
    reason = serializers.CharField()
    state = serializers.ChoiceField(RequestState.choices)
    askedAt = InstantField(source="asked_at", store="appointment.store", read_only=True)
    answerBefore = InstantField(source="answer_before", store="appointment.store", read_only=True)
    answeredAt = InstantField(
        source="answered_at", store="appointment.store", read_only=True, allow_null=True
    )
    answer = serializers.CharField()
    decision = serializers.CharField()
    refundIfAgreed = serializers.SerializerMethodField()

    @OptionalNumber
    def get_refundIfAgreed(self, asked: CancelRequest) -> float | None:
        order = asked.appointment
        if not asked.is_pending or order.status not in BINDING:
            return None
        return float(back_if_agreed(order, asked))


class OrderShape(serializers.Serializer):
    """Of an Appointment with an order. ``totalAmount`` other than ``listedAmount`` is a proposal,
    which binds once the provider confirms. ``dueNow``: what of it is paid here.
    ``customerAddress`` is null where it is done at the provider's. Needs ``talks``, the caller's
    conversations by appointment, in its context."""

    id = serializers.CharField(source="pk")
    orderNumber = serializers.CharField(source="order.number")
    appointmentCode = serializers.CharField(source="code", allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    statusDisplay = serializers.CharField(source="get_status_display")
    paymentStatus = serializers.ChoiceField(PaymentStatus.choices, source="payment_status")
    serviceId = serializers.CharField(source="listing_id")
    serviceDetails = ServiceDetailsShape(source="order.details")
    listedAmount = serializers.FloatField(source="price")
    totalAmount = serializers.FloatField(source="final_price")
    dueNow = serializers.FloatField(source="due_now")
    isProposal = serializers.BooleanField(source="has_proposal")
    currency = serializers.CharField()
    scheduledTime = InstantField(source="starts_at", store="store", read_only=True)
    endTime = InstantField(source="ends_at", store="store", read_only=True)
    completedTime = InstantField(
        source="completed_at", store="store", read_only=True, allow_null=True
    )
    payBefore = InstantField(source="pay_before", store="store", read_only=True, allow_null=True)
    customerAddress = serializers.SerializerMethodField()
    providerAddress = serializers.CharField(source="order.provider_address")
    notes = serializers.CharField(source="requirements")
    conversationId = serializers.SerializerMethodField()
    cancelRequest = serializers.SerializerMethodField()
    cancelReason = serializers.CharField(source="cancel_reason")
    cancelFee = serializers.FloatField(source="cancel_fee")
    provider = serializers.SerializerMethodField()
    customer = serializers.SerializerMethodField()
    createdAt = InstantField(source="created_at", store="store", read_only=True)
    updatedAt = InstantField(source="updated_at", store="store", read_only=True)

    @extend_schema_field(OrderPlaceShape(allow_null=True))
    def get_customerAddress(self, made: Appointment) -> dict[str, Any] | None:
        order: Order = made.order
        known = order.address or order.point is not None
        return dict(OrderPlaceShape(order).data) if known else None

    @OptionalId
    def get_conversationId(self, made: Appointment) -> str | None:
        found = self.context["talks"].get(made.pk)
        return None if found is None else str(found)

    @extend_schema_field(CancelRequestShape(allow_null=True))
    def get_cancelRequest(self, made: Appointment) -> dict[str, Any] | None:
        # All of them are loaded; there are few, and the newest comes first.
        asked = next(iter(made.cancel_requests.all()), None)
        return None if asked is None else dict(CancelRequestShape(asked).data)

    @extend_schema_field(OrderPersonShape(allow_null=True))
    def get_provider(self, made: Appointment) -> dict[str, Any] | None:
        """Null where it is called off and nobody was found."""
        realtor = made.realtor
        return None if realtor is None else _person(realtor.user_id, realtor.name)

    @extend_schema_field(OrderPersonShape)
    def get_customer(self, made: Appointment) -> dict[str, Any]:
        return _person(made.user_id, made.customer_name)


def _person(user_id: int | None, name: str) -> dict[str, Any]:
    return {"id": str(user_id) if user_id else None, "displayName": name}
