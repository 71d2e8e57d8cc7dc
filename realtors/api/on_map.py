"""Where a listing is, in answers of the families that name it so."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from realtors.models import Listing


class PlaceOnMapShape(serializers.Serializer):
    """``lat`` and ``lng`` are null where nobody knows."""

    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)
    address = serializers.CharField()


class OnMap:
    """``get_location`` and ``get_distance``, kilometres from the place that was asked about."""

    @extend_schema_field(PlaceOnMapShape)
    def get_location(self, listing: Listing) -> dict[str, Any]:
        point = listing.point
        return {
            "lat": point.latitude if point else None,
            "lng": point.longitude if point else None,
            "address": listing.whole_address,
        }

    @extend_schema_field({"type": "number", "nullable": True})
    def get_distance(self, listing: Listing) -> float | None:
        away = getattr(listing, "away", None)
        return None if away is None else round(away, 2)
