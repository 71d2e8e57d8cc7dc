"""What may be asked where services are looked for."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from booking_site.common.api.inputs import both_or_neither
from realtors.selectors.nearby import FARTHEST_KM, MOST

from .listing_shapes import MoneyField
from .service_shapes import LONGEST_CATEGORY, STATUSES


class PlaceQueryShape(serializers.Serializer):
    """``lat`` and ``lng``: both, or neither; then the place counts that the caller has saved."""

    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        both_or_neither(self, query, "lat", "lng")
        return query


class NearbyQueryShape(PlaceQueryShape):
    """``radius`` in kilometres, DEFAULT_RADIUS_KM when missing. ``category``: a short name, or what
    it is called in either language. Sorted by rating, weighed by how many say it, unless ``sort``
    says otherwise."""

    radius = serializers.FloatField(min_value=0.1, max_value=FARTHEST_KM, required=False)
    category = serializers.CharField(max_length=LONGEST_CATEGORY, required=False, allow_blank=True)
    price_min = MoneyField(required=False)
    price_max = MoneyField(required=False)
    sort = serializers.ChoiceField(["distance", "rating"], default="rating")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=20)

    def validate(self, query: dict[str, Any]) -> dict[str, Any]:
        lowest, highest = query.get("price_min"), query.get("price_max")
        if lowest is not None and highest is not None and lowest > highest:
            message = _("Must not be below the lowest price.")
            raise serializers.ValidationError({"price_max": [message]})
        return super().validate(query)


class OwnServicesQueryShape(serializers.Serializer):
    status = serializers.ChoiceField(list(STATUSES), required=False, allow_blank=True)
    category = serializers.CharField(max_length=LONGEST_CATEGORY, required=False, allow_blank=True)
