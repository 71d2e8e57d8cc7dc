"""What may be asked where orders are looked for."""

from rest_framework import serializers

from appointments.models import PaymentStatus, Side, Status
from booking_site.common.api.inputs import IdField
from booking_site.common.api.times import QueryDateField


class OrderQueryShape(serializers.Serializer):
    """``as``: on which side of it the caller is; either, when missing. The dates are those of each
    store's calendar."""

    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    paymentStatus = serializers.ChoiceField(PaymentStatus.choices, required=False, allow_blank=True)
    serviceId = IdField(required=False)
    dateFrom = QueryDateField(required=False)
    dateTo = QueryDateField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        side = serializers.ChoiceField(Side.choices, required=False, allow_blank=True)
        return {**super().get_fields(), "as": side}
