"""What goes in and comes out where houses are recommended: document 1's calls, at its own paths."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_PAGE
from realtors.models import Listing
from realtors.selectors import ListingWish, Recommendation

from .listing_shapes import MoneyField


class HouseQueryShape(serializers.Serializer):
    """``district``: a part of its name; ``rooms``: exactly so many."""

    page = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=1)
    page_size = serializers.IntegerField(
        min_value=1, max_value=LARGEST_LIMIT, default=DEFAULT_LIMIT
    )
    district = serializers.CharField(max_length=50, required=False, allow_blank=True)
    price_min = MoneyField(required=False)
    price_max = MoneyField(required=False)
    rooms = serializers.IntegerField(min_value=0, max_value=50, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lowest, highest = attrs.get("price_min"), attrs.get("price_max")
        if lowest is not None and highest is not None and lowest > highest:
            message = _("Must not be below the lowest price.")
            raise serializers.ValidationError({"price_max": [message]})
        return attrs


def wish_of_query(query: dict[str, Any]) -> ListingWish:
    names = ("district", "rooms")
    return ListingWish(
        price_min=query.get("price_min"),
        price_max=query.get("price_max"),
        particulars={name: query[name] for name in names if query.get(name) not in (None, "")},
    )


class HouseShape(serializers.Serializer):
    """``landlord_id``: the account of whoever offers it, null where a store does, or somebody
    without an account. ``rooms`` and ``area`` (m²) are null where nobody said; ``pictures`` are
    addresses of this site. ``reason`` is a sentence in the language of the request."""

    house_id = serializers.IntegerField(source="listing.pk")
    title = serializers.CharField(source="listing.title")
    price = serializers.SerializerMethodField()
    currency = serializers.CharField(source="listing.currency")
    landlord_id = serializers.SerializerMethodField()
    landlord_name = serializers.SerializerMethodField()
    district = serializers.SerializerMethodField()
    address = serializers.CharField(source="listing.whole_address")
    rooms = serializers.SerializerMethodField()
    area = serializers.SerializerMethodField()
    pictures = serializers.SerializerMethodField()
    reason = serializers.CharField(source="reason.sentence")
    reason_code = serializers.CharField(source="reason.code")

    def get_price(self, one: Recommendation) -> float:
        return float(Decimal(one.listing.price))

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_landlord_id(self, one: Recommendation) -> int | None:
        return one.listing.realtor.user_id if one.listing.realtor else None

    def get_landlord_name(self, one: Recommendation) -> str:
        return _offered_by(one.listing)

    def get_district(self, one: Recommendation) -> str:
        return str(one.listing.attributes.get("district") or "")

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_rooms(self, one: Recommendation) -> Any:
        return one.listing.attributes.get("rooms")

    @extend_schema_field({"type": "number", "nullable": True})
    def get_area(self, one: Recommendation) -> Any:
        return one.listing.attributes.get("area")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_pictures(self, one: Recommendation) -> list[str]:
        return [reverse("realtors:picture", args=[row.key]) for row in one.listing.pictures.all()]


class HousesShape(serializers.Serializer):
    list = HouseShape(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()


def _offered_by(listing: Listing) -> str:
    return listing.realtor.name if listing.realtor else listing.store.name
