"""What may be asked where boarding places and stays are looked for."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from appointments.models import Status
from appointments.services.stay_checks import MOST_NIGHTS
from appointments.services.stays import MOST_PETS
from booking_site.common.api.inputs import IdField, both_or_neither
from booking_site.common.api.times import QueryDateField
from realtors.api.listing_shapes import FlagField, MoneyField
from realtors.listing_rules import SIZES, SPECIES

LONGEST_RANGE = 92


class NightsShape(serializers.Serializer):
    """``[check_in, check_out)`` by the place's calendar: both, or neither."""

    check_in = QueryDateField(required=False)
    check_out = QueryDateField(required=False)
    pets = serializers.IntegerField(min_value=1, max_value=MOST_PETS, default=1)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        both_or_neither(self, query, "check_in", "check_out")
        first, last = query.get("check_in"), query.get("check_out")
        if first is not None and last is not None:
            _require_nights(first, last)
        return query


class BoardingQueryShape(NightsShape):
    """``lat`` and ``lng``, or else the place that the caller has saved, make `distance` known;
    ``radius`` cuts by it, in kilometres. With dates, those that have room for so many ``pets``
    every night. ``mine``: what the caller may edit, drafts too."""

    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False)
    radius = serializers.FloatField(min_value=0.1, max_value=2000, required=False)
    species = serializers.ChoiceField(SPECIES, required=False, allow_blank=True)
    size = serializers.ChoiceField(SIZES, required=False, allow_blank=True)
    vaccination_needed = FlagField()
    price_min = MoneyField(required=False)
    price_max = MoneyField(required=False)
    city = serializers.CharField(max_length=50, required=False, allow_blank=True)
    q = serializers.CharField(max_length=80, required=False, allow_blank=True)
    sitter_id = IdField(required=False)
    store_id = IdField(required=False)
    mine = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(
        ["distance", "rating", "price", "newest"], required=False, allow_blank=True
    )

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        both_or_neither(self, query, "lat", "lng")
        return super().validate(query)


class OccupancyQueryShape(NightsShape):
    """``date_from`` and ``date_to``: of which nights to say how many units are left; when missing,
    those of the stay, or thirty from today on."""

    date_from = QueryDateField(required=False)
    date_to = QueryDateField(required=False)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        query = super().validate(query)
        first, last = query.get("date_from"), query.get("date_to")
        if first is not None and last is not None and last < first:
            raise serializers.ValidationError(
                {"date_to": [_("It must not be before the first day.")]}
            )
        if first is not None and last is not None and (last - first).days >= LONGEST_RANGE:
            message = _("At most %(count)s days at a time.") % {"count": LONGEST_RANGE}
            raise serializers.ValidationError({"date_to": [message]})
        return query


class StayQueryShape(serializers.Serializer):
    """``as``: on which side of it the caller is; either, when missing. The dates are those of
    check-in, by each store's calendar."""

    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    service_id = IdField(required=False)
    date_from = QueryDateField(required=False)
    date_to = QueryDateField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        side = serializers.ChoiceField(("customer", "sitter"), required=False, allow_blank=True)
        return {**super().get_fields(), "as": side}


def _require_nights(first: date, last: date) -> None:
    if last <= first:
        raise serializers.ValidationError({"check_out": [_("It must be after the check-in.")]})
    if last - first > timedelta(days=MOST_NIGHTS):
        message = _("At most %(count)s nights at a time.") % {"count": MOST_NIGHTS}
        raise serializers.ValidationError({"check_out": [message]})
