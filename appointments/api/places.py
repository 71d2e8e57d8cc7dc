"""Where somebody wants something done, as bodies say it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.models.order import LONGEST_ADDRESS
from booking_site.common.api.inputs import LineField, both_or_neither
from booking_site.common.places import Point


@dataclass(frozen=True)
class Place:
    """Where somebody wants something done. Nothing known: at the provider's."""

    address: str = ""
    point: Point | None = None


class DegreesField(serializers.FloatField):
    """As a device tells it, with all its digits; they are kept to six decimals."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(min_value=-most, max_value=most, **options)

    def to_internal_value(self, data: Any) -> float:
        value: float = super().to_internal_value(data)
        if isinstance(data, bool) or not math.isfinite(value):
            self.fail("invalid")
        return value


class PlaceWishShape(serializers.Serializer):
    """``lat`` and ``lng``: both, or neither."""

    address = LineField(max_length=LONGEST_ADDRESS)
    lat = DegreesField(90, required=False, allow_null=True)
    lng = DegreesField(180, required=False, allow_null=True)

    def validate(self, place: dict[str, Any]) -> dict[str, Any]:
        both_or_neither(self, place, "lat", "lng")
        return place


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": LONGEST_ADDRESS},
            {
                "type": "object",
                "properties": {
                    "address": {"type": "string", "maxLength": LONGEST_ADDRESS},
                    "lat": {"type": "number", "nullable": True},
                    "lng": {"type": "number", "nullable": True},
                },
                "required": ["address"],
            },
        ],
        "nullable": True,
    }
)
class PlaceField(serializers.Field):
    """An address, as text or with its place on the map: ``{address, lat, lng}``."""

    default_error_messages = {
        "invalid": _("Give an address: a text, or an object with address, lat and lng.")
    }

    def to_internal_value(self, data: Any) -> Place:
        if isinstance(data, str):
            return self._of_text(data)
        if not isinstance(data, Mapping):
            self.fail("invalid")
        form = PlaceWishShape(data=data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        known = said.get("lat") is not None
        return Place(said["address"], Point(said["lat"], said["lng"]) if known else None)

    def _of_text(self, text: str) -> Place:
        if not text.strip():
            return Place()
        form = PlaceWishShape(data={"address": text})
        if not form.is_valid():
            raise serializers.ValidationError(form.errors["address"])
        return Place(form.validated_data["address"])
