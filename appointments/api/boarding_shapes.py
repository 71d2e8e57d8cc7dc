"""What a boarding place is written with, and what is told of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.services.stays import total_price
from booking_site.common.api.inputs import IdField, LineField, TextField
from realtors.api.listing_shapes import ListingPictureShape, MoneyField
from realtors.api.on_map import OnMap
from realtors.listing_rules import LONGEST_TAG, MOST_TAGS, SIZES, SPECIES
from realtors.models import Listing, ListingStatus, Realtor

BY_OWNERS = [ListingStatus.DRAFT.value, ListingStatus.PUBLISHED.value]
# From the names of bodies to what the services of listings call it.
FACTS = {
    "name": "title",
    "description": "description",
    "sitter_id": "realtor_id",
    "store_id": "store_id",
    "category": "category",
    "price": "price",
    "capacity": "capacity",
    "tags": "tags",
    "address": "address",
    "lat": "latitude",
    "lng": "longitude",
    "needs_approval": "needs_approval",
    "deposit_percent": "deposit_percent",
}
PARTICULARS = ("species", "sizes", "vaccination_needed", "check_in_hour", "check_out_hour")


def _degrees(most: int) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-most,
        max_value=most,
        coerce_to_string=False,
        required=False,
        allow_null=True,
    )


def _hour() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=23, required=False, allow_null=True)


class BoardingWishShape(serializers.Serializer):
    """Sitters write for themselves and leave out ``sitter_id`` and ``store_id``; staff of a store
    name the sitter. ``price``: of a night and pet. ``capacity``: how many pets stay at a time.
    ``species`` and ``sizes``: what is taken, everything when left out. ``deposit_percent``: how
    much is paid in advance. ``status``: published unless it says draft."""

    name = LineField(max_length=100)
    description = TextField(max_length=4000, required=False, allow_blank=True)
    sitter_id = IdField(required=False)
    store_id = IdField(required=False)
    category = serializers.SlugField(max_length=50, required=False, allow_null=True)
    price = MoneyField()
    capacity = serializers.IntegerField(min_value=1, max_value=500, required=False)
    species = serializers.ListField(
        child=serializers.ChoiceField(SPECIES), max_length=len(SPECIES), required=False
    )
    sizes = serializers.ListField(
        child=serializers.ChoiceField(SIZES), max_length=len(SIZES), required=False
    )
    vaccination_needed = serializers.BooleanField(required=False)
    check_in_hour = _hour()
    check_out_hour = _hour()
    address = LineField(max_length=200, required=False, allow_blank=True)
    lat = _degrees(90)
    lng = _degrees(180)
    tags = serializers.ListField(
        child=LineField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )
    needs_approval = serializers.BooleanField(required=False)
    deposit_percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    status = serializers.ChoiceField(BY_OWNERS, required=False)


class BoardingChangeShape(BoardingWishShape):
    """Only what is named changes."""


class SitterShape(serializers.Serializer):
    """Of a Realtor. ``id`` is the realtor's, ``user_id`` the account's."""

    id = serializers.CharField(source="pk")
    user_id = serializers.SerializerMethodField()
    display_name = serializers.CharField(source="name")
    avatar_url = serializers.CharField(source="user.avatar_url", default=None, allow_null=True)
    rating = serializers.FloatField()
    review_count = serializers.IntegerField()

    @extend_schema_field({"type": "string", "nullable": True})
    def get_user_id(self, sitter: Realtor) -> str | None:
        return str(sitter.user_id) if sitter.user_id else None


class BoardingShape(OnMap, serializers.Serializer):
    """Of a listing. ``price`` is of a night and pet. ``distance`` in kilometres, null without a
    place. With dates in the query: ``nights``, ``total`` of the stay for so many ``pets``, and
    ``units_left`` on its fullest night, by listing's id as ``left`` in the context; null without.
    ``status`` is there for whoever runs it."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField(source="title")
    description = serializers.CharField()
    price = serializers.FloatField()
    price_unit = serializers.CharField()
    currency = serializers.CharField()
    species = serializers.SerializerMethodField()
    sizes = serializers.SerializerMethodField()
    vaccination_needed = serializers.SerializerMethodField()
    capacity = serializers.IntegerField()
    check_in_hour = serializers.SerializerMethodField()
    check_out_hour = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    distance = serializers.SerializerMethodField()
    rating = serializers.FloatField()
    review_count = serializers.IntegerField()
    images = ListingPictureShape(many=True, source="pictures")
    tags = serializers.ListField(child=serializers.CharField())
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    sitter = SitterShape(source="realtor")
    store_id = serializers.CharField()
    store_name = serializers.CharField(source="store.name")
    needs_approval = serializers.BooleanField()
    deposit_percent = serializers.IntegerField()
    nights = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    units_left = serializers.SerializerMethodField()
    status = serializers.ChoiceField(ListingStatus.choices, required=False)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_species(self, place: Listing) -> list[str]:
        return list(place.attributes.get("species") or [key for key, _label in SPECIES])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_sizes(self, place: Listing) -> list[str]:
        return list(place.attributes.get("sizes") or [key for key, _label in SIZES])

    def get_vaccination_needed(self, place: Listing) -> bool:
        return bool(place.attributes.get("vaccination_needed"))

    def get_check_in_hour(self, place: Listing) -> int:
        return int(place.attributes.get("check_in_hour", self.context["hours"][0]))

    def get_check_out_hour(self, place: Listing) -> int:
        return int(place.attributes.get("check_out_hour", self.context["hours"][1]))

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_nights(self, place: Listing) -> int | None:
        nights: int | None = self.context["nights"]
        return nights

    @extend_schema_field({"type": "number", "nullable": True})
    def get_total(self, place: Listing) -> float | None:
        nights, pets = self.context["nights"], self.context["pets"]
        return None if nights is None else float(total_price(place, nights, pets))

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_units_left(self, place: Listing) -> int | None:
        left: int | None = self.context["left"].get(place.pk)
        return left

    def to_representation(self, place: Listing) -> dict[str, Any]:
        row: dict[str, Any] = super().to_representation(place)
        if place.pk not in self.context["run"]:
            del row["status"]
        return row


class NightShape(serializers.Serializer):
    """A night from this date to the next."""

    date = serializers.DateField()
    left = serializers.IntegerField()


class BoardingWithNightsShape(BoardingShape):
    """``occupancy``: how many units are left on each night; none while the sitter is away."""

    occupancy = serializers.SerializerMethodField()

    @extend_schema_field(NightShape(many=True))
    def get_occupancy(self, place: Listing) -> list[dict[str, Any]]:
        return list(NightShape(self.context["occupancy"], many=True).data)
