"""What goes in and comes out where payments are concerned."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.api.inputs import IdField
from booking_site.common.api.times import InstantField, QueryDateField
from payments.links import pay_url
from payments.models import Payment, PaymentState

LONGEST_NAME = 20
MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class PaymentWishShape(serializers.Serializer):
    """``booking_id``: an appointment of the caller's own with something to pay. ``gateway``: one of
    those in use. How much, the booking says."""

    booking_id = IdField()
    gateway = serializers.CharField(max_length=LONGEST_NAME)


class PaymentQueryShape(serializers.Serializer):
    booking_id = IdField(required=False)
    status = serializers.ChoiceField(PaymentState.choices, required=False, allow_blank=True)


class PaymentShape(serializers.Serializer):
    """``booking_ids``: all that it pays for. ``pay_url``: where the customer pays, null once it is
    no longer open. ``refunded``: what was promised back, arrived or not."""

    id = serializers.CharField(source="pk")
    number = serializers.CharField()
    booking_ids = serializers.SerializerMethodField()
    gateway = serializers.CharField()
    amount = serializers.DecimalField(**MONEY)
    currency = serializers.CharField()
    refunded = serializers.SerializerMethodField()
    status = serializers.ChoiceField(PaymentState.choices)
    pay_url = serializers.SerializerMethodField()
    expires_at = InstantField(store="store", read_only=True)
    paid_at = InstantField(store="store", read_only=True, allow_null=True)
    created_at = InstantField(store="store", read_only=True)

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_booking_ids(self, payment: Payment) -> list[str]:
        return [str(share.appointment_id) for share in payment.shares.all()]

    @extend_schema_field({"type": "number"})
    def get_refunded(self, payment: Payment) -> Decimal:
        return sum((share.refunded for share in payment.shares.all()), Decimal("0.00"))

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_pay_url(self, payment: Payment) -> str | None:
        return pay_url(payment)


class ReportQueryShape(serializers.Serializer):
    """Whole days by each store's wall clock; without them the month that runs."""

    store_id = IdField(required=False)
    date_from = QueryDateField(required=False)
    date_to = QueryDateField(required=False)


class ReportRowShape(serializers.Serializer):
    """``fees_kept``: of bookings that were called off. ``payout``: what is left for the provider
    after ``commission``."""

    store_id = serializers.CharField()
    store_name = serializers.CharField()
    realtor_id = serializers.CharField(allow_null=True)
    realtor_name = serializers.CharField()
    currency = serializers.CharField()
    count = serializers.IntegerField()
    paid = serializers.DecimalField(**MONEY)
    refunded = serializers.DecimalField(**MONEY)
    fees_kept = serializers.DecimalField(**MONEY)
    commission = serializers.DecimalField(**MONEY)
    payout = serializers.DecimalField(**MONEY)


class MoneyReportShape(serializers.Serializer):
    date_from = serializers.DateField()
    date_to = serializers.DateField()
    rows = ReportRowShape(many=True)
