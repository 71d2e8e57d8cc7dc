"""What goes into the appointment family."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.fields import Field

from appointments.api.places import PlaceField
from appointments.errors import TooSoon
from booking_site.common.api.inputs import IdField, LineField, ReasonField, TextField
from booking_site.common.api.times import ClockField, InstantField, QueryDateField
from booking_site.common.errors import Invalid
from booking_site.common.periods import local_instant
from realtors.api.listing_shapes import MoneyField
from stores.models import Store

LONGEST_MINUTES = 1440
MOST_DAYS = 31
OF_ORDERS = ("address", "total_amount")
NOT_WITH_ASAP = (
    *("appointment_date", "start_time", "starts_at", "realtor_id", "hold_token"),
    *OF_ORDERS,
)


class StartShape(serializers.Serializer):
    """``appointment_date`` and ``start_time`` by the store's wall clock (a time that occurs twice
    means its first occurrence), or ``starts_at``."""

    appointment_date = serializers.DateField(required=False, allow_null=True)
    start_time = ClockField(required=False, allow_null=True)
    starts_at = InstantField(required=False, allow_null=True)

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("starts_at") is None:
            missing = [
                name for name in ("appointment_date", "start_time") if body.get(name) is None
            ]
            if missing:
                required = self.fields["starts_at"].error_messages["required"]
                raise serializers.ValidationError({name: [required] for name in missing})
        return body


class PlaceShape(StartShape):
    """A start with somebody: what is claimed."""

    duration_minutes = serializers.IntegerField(
        min_value=5,
        max_value=LONGEST_MINUTES,
        required=False,
        allow_null=True,
        help_text=gettext_lazy("A multiple of 5; the store's usual length when missing."),
    )
    realtor_id = IdField(required=False, allow_null=True)
    listing_id = IdField(required=False, allow_null=True)


class BookingShape(PlaceShape):
    """``customer_name`` and ``customer_phone`` default to the account's for signed-in customers;
    staff of the store book for the guest they name. ``address`` and ``total_amount``: of the order
    of a service, which everybody makes for themselves; where it is done, and what is proposed."""

    store_id = IdField()
    customer_name = LineField(max_length=50, required=False, allow_null=True, allow_blank=True)
    customer_phone = serializers.CharField(
        max_length=32, required=False, allow_null=True, allow_blank=True
    )
    email = serializers.EmailField(
        max_length=254, required=False, allow_null=True, allow_blank=True
    )
    requirements = TextField(max_length=1000, required=False, allow_null=True, allow_blank=True)
    hold_token = serializers.CharField(max_length=64, required=False, allow_null=True)
    address = PlaceField(required=False, allow_null=True)
    total_amount = MoneyField(required=False, allow_null=True)
    queue = serializers.BooleanField(default=True)
    asap = serializers.BooleanField(
        default=False,
        help_text=gettext_lazy("Join the live line instead of booking a start."),
    )

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        """Who wants whoever is free next names neither a start nor a realtor."""
        if not body["asap"]:
            return super().validate(body)
        wrong = [name for name in NOT_WITH_ASAP if body.get(name) is not None]
        if wrong:
            message = _("This does not go together with joining the live line.")
            raise serializers.ValidationError({name: [message] for name in wrong})
        return body


class HoldWishShape(PlaceShape):
    """``hold_token``: an earlier hold of yours in this store, which this one replaces."""

    hold_token = serializers.CharField(max_length=64, required=False, allow_null=True)


class ProofShape(serializers.Serializer):
    phone_last4 = serializers.CharField(
        max_length=32,
        required=False,
        allow_null=True,
        allow_blank=True,
        help_text=gettext_lazy("Of the phone a guest booked with."),
    )


class CancelShape(ProofShape):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class RescheduleShape(StartShape, ProofShape):
    """A stay moves to a date, its check-in; everything else to a start."""

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        """Whether a time may be missing, ``wanted_start`` says of what is found."""
        if body.get("appointment_date") is not None:
            return body
        return super().validate(body)


class AnswerShape(serializers.Serializer):
    """``realtor_id`` must be the caller's own, or of a store the caller runs."""

    realtor_id = IdField(required=False, allow_null=True)


class DeclineShape(AnswerShape):
    reason = ReasonField(max_length=200, required=False, allow_null=True, allow_blank=True)


class SlotsQueryShape(serializers.Serializer):
    start_date = QueryDateField(
        required=False, help_text=gettext_lazy("Today, by the store's calendar, when missing.")
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=7)
    duration_minutes = serializers.IntegerField(
        min_value=5, max_value=LONGEST_MINUTES, required=False
    )
    realtor_id = IdField(required=False)
    listing_id = IdField(required=False)

    def validate_duration_minutes(self, minutes: int) -> int:
        if minutes % 5:
            raise serializers.ValidationError(_("Must be a multiple of 5 minutes."))
        return minutes


def wanted_start(body: dict[str, Any], store: Store, at: datetime) -> datetime:
    """The instant that a StartShape means in this store. Raises Invalid for a time that does not
    exist there, TooSoon for one before anybody's calendar."""
    if body.get("starts_at") is not None:
        starts_at: datetime = body["starts_at"]
        return starts_at
    day = body["appointment_date"]
    if body.get("start_time") is None:
        raise Invalid(errors={"start_time": [Field.default_error_messages["required"]]})
    instant = local_instant(day, body["start_time"], store.zone)
    if instant is not None:
        return instant
    if day < at.astimezone(store.zone).date():
        raise TooSoon
    message = _("The clock does not show this time on that day.")
    raise Invalid(errors={"start_time": [message]})
