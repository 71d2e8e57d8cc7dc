"""What goes in and comes out where listings and their pictures are concerned."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.api.inputs import IdField, LineField, TextField
from booking_site.common.api.times import InstantField
from realtors.listing_rules import (
    LEVELS,
    LONGEST_CAPTION,
    LONGEST_TAG,
    MOST_PICTURES,
    MOST_TAGS,
    SIZES,
    SPECIES,
)
from realtors.models import Listing, ListingKind, ListingPicture, ListingStatus, PriceUnit


@extend_schema_field(
    {"type": "object", "additionalProperties": {}, "example": {"rooms": 2, "area": 80.5}}
)
class ParticularsField(serializers.JSONField):
    """By kind: see realtors.listing_rules.ATTRIBUTES."""

    default_error_messages = {"no_object": _("Must be a JSON object.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("no_object")
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}},
        "example": [[1440, 50], [120, 100]],
        "nullable": True,
    }
)
class FeeStepsField(serializers.JSONField):
    """Pairs: from so many minutes before the start on, so many percent."""

    default_error_messages = {"no_list": _("Must be a list.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list):
            self.fail("no_list")
        return super().to_internal_value(data)


class MoneyField(serializers.DecimalField):
    """Two decimals, never below nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=12, decimal_places=2, min_value=0, coerce_to_string=False, **options
        )


class ListingWishShape(serializers.Serializer):
    """What is said of a listing. Providers write for themselves and leave out ``store_id`` and
    ``realtor_id``; staff of a store name it. ``attributes``: particulars of the kind (house:
    rooms, area, district, floor, furnished, lift; course: age_from, age_to, level, language,
    bring, package_sessions; boarding: species, sizes, vaccination_needed; service: radius_km,
    bring)."""

    kind = serializers.ChoiceField(ListingKind.choices)
    store_id = IdField(required=False, allow_null=True)
    realtor_id = IdField(required=False, allow_null=True)
    title = LineField(max_length=100)
    description = TextField(max_length=4000, required=False, allow_blank=True)
    category = serializers.SlugField(max_length=50, required=False, allow_null=True)
    subcategory = LineField(max_length=50, required=False, allow_blank=True)
    price = MoneyField()
    price_unit = serializers.ChoiceField(PriceUnit.choices)
    duration_minutes = serializers.IntegerField(
        min_value=5, max_value=1440, required=False, allow_null=True
    )
    buffer_before_minutes = serializers.IntegerField(
        min_value=0, max_value=240, required=False, allow_null=True
    )
    buffer_after_minutes = serializers.IntegerField(
        min_value=0, max_value=240, required=False, allow_null=True
    )
    capacity = serializers.IntegerField(min_value=1, max_value=500, required=False)
    address = LineField(max_length=200, required=False, allow_blank=True)
    latitude = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-90,
        max_value=90,
        coerce_to_string=False,
        required=False,
        allow_null=True,
    )
    longitude = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        coerce_to_string=False,
        required=False,
        allow_null=True,
    )
    tags = serializers.ListField(
        child=LineField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )
    attributes = ParticularsField(required=False)
    needs_approval = serializers.BooleanField(required=False)
    deposit_percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    cancel_cutoff_minutes = serializers.IntegerField(
        min_value=0, max_value=20160, required=False, allow_null=True
    )
    reschedule_cutoff_minutes = serializers.IntegerField(
        min_value=0, max_value=20160, required=False, allow_null=True
    )
    fee_steps = FeeStepsField(required=False, allow_null=True)


class ListingChangeShape(ListingWishShape):
    """Only what is named changes."""


class FlagField(serializers.BooleanField):
    """Of a query: what is left out asks for neither yes nor no."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, **options)


class ListingQueryShape(serializers.Serializer):
    """``mine=true``: what the caller may edit, drafts too. ``lat`` and ``lng`` make `distance`
    known; ``radius_km`` cuts by it. The rest belongs to kinds: ``rooms``, ``rooms_min``,
    ``area_min``, ``area_max``, ``district``, ``furnished`` and ``lift`` to houses, ``age`` and
    ``level`` to courses, ``species``, ``size`` and ``vaccination_needed`` to boarding. False finds
    those that say no, and those that say nothing of it."""

    kind = serializers.ChoiceField(ListingKind.choices, required=False, allow_blank=True)
    category = serializers.CharField(max_length=50, required=False, allow_blank=True)
    city = serializers.CharField(max_length=50, required=False, allow_blank=True)
    q = serializers.CharField(max_length=80, required=False, allow_blank=True)
    store_id = IdField(required=False)
    realtor_id = IdField(required=False)
    price_min = MoneyField(required=False)
    price_max = MoneyField(required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lng = serializers.FloatField(min_value=-180, max_value=180, required=False)
    radius_km = serializers.FloatField(min_value=0.1, max_value=2000, required=False)
    rooms = serializers.IntegerField(min_value=0, max_value=50, required=False)
    rooms_min = serializers.IntegerField(min_value=0, max_value=50, required=False)
    area_min = serializers.FloatField(min_value=0, max_value=10000, required=False)
    area_max = serializers.FloatField(min_value=0, max_value=10000, required=False)
    district = serializers.CharField(max_length=50, required=False, allow_blank=True)
    furnished = FlagField()
    lift = FlagField()
    age = serializers.IntegerField(min_value=0, max_value=120, required=False)
    level = serializers.ChoiceField(LEVELS, required=False, allow_blank=True)
    species = serializers.ChoiceField(SPECIES, required=False, allow_blank=True)
    size = serializers.ChoiceField(SIZES, required=False, allow_blank=True)
    vaccination_needed = FlagField()
    mine = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(
        ["distance", "rating", "price", "newest"], required=False, allow_blank=True
    )


class PictureWishShape(serializers.Serializer):
    caption = LineField(max_length=LONGEST_CAPTION, required=False, allow_blank=True)


class PictureChangeShape(serializers.Serializer):
    """``position`` 0 is the cover; the others move up."""

    caption = LineField(max_length=LONGEST_CAPTION, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=MOST_PICTURES - 1, required=False)


class ListingPictureShape(serializers.Serializer):
    """``url`` and ``thumbnail_url`` are addresses of this site: JPEG, at most 1600 and 640 pixels
    wide and high. Whoever may see the listing may see them."""

    id = serializers.CharField(source="key")
    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    caption = serializers.CharField()
    position = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()

    def get_url(self, picture: ListingPicture) -> str:
        return reverse("realtors:picture", args=[picture.key])

    def get_thumbnail_url(self, picture: ListingPicture) -> str:
        return reverse("realtors:picture_small", args=[picture.key])


class ListingShape(serializers.Serializer):
    """``status`` and ``hidden_reason`` are there only for whoever runs it, whose listings' ids
    stand as ``run`` in the context. ``distance_km`` is null where no place was given, or none is
    known. ``duration_minutes`` and the cutoffs are null where the store's hold."""

    id = serializers.CharField(source="pk")
    kind = serializers.ChoiceField(ListingKind.choices)
    store_id = serializers.CharField()
    store_name = serializers.CharField(source="store.name")
    realtor_id = serializers.CharField(allow_null=True)
    realtor_name = serializers.CharField(source="realtor.name", default=None, allow_null=True)
    title = serializers.CharField()
    description = serializers.CharField()
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    subcategory = serializers.CharField()
    price = serializers.FloatField()
    price_unit = serializers.ChoiceField(PriceUnit.choices)
    currency = serializers.CharField()
    duration_minutes = serializers.IntegerField(allow_null=True)
    buffer_before_minutes = serializers.IntegerField(allow_null=True)
    buffer_after_minutes = serializers.IntegerField(allow_null=True)
    capacity = serializers.IntegerField()
    address = serializers.CharField(source="whole_address")
    city = serializers.CharField(source="store.city")
    latitude = serializers.SerializerMethodField()
    longitude = serializers.SerializerMethodField()
    distance_km = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField())
    attributes = ParticularsField()
    needs_approval = serializers.BooleanField()
    deposit_percent = serializers.IntegerField()
    cancel_cutoff_minutes = serializers.IntegerField(allow_null=True)
    reschedule_cutoff_minutes = serializers.IntegerField(allow_null=True)
    fee_steps = FeeStepsField(allow_null=True)
    rating = serializers.FloatField()
    review_count = serializers.IntegerField()
    pictures = ListingPictureShape(many=True)
    published_at = InstantField(store="store", read_only=True, allow_null=True)
    status = serializers.ChoiceField(ListingStatus.choices, required=False)
    hidden_reason = serializers.CharField(required=False)

    @extend_schema_field({"type": "number", "nullable": True})
    def get_latitude(self, listing: Listing) -> float | None:
        return listing.point.latitude if listing.point else None

    @extend_schema_field({"type": "number", "nullable": True})
    def get_longitude(self, listing: Listing) -> float | None:
        return listing.point.longitude if listing.point else None

    @extend_schema_field({"type": "number", "nullable": True})
    def get_distance_km(self, listing: Listing) -> float | None:
        away = getattr(listing, "away", None)
        return None if away is None else round(away, 2)

    def to_representation(self, listing: Listing) -> dict[str, Any]:
        row: dict[str, Any] = super().to_representation(listing)
        if listing.pk not in self.context["run"]:
            del row["status"], row["hidden_reason"]
        elif listing.status != ListingStatus.HIDDEN:
            row["hidden_reason"] = ""
        return row


class CategoryShape(serializers.Serializer):
    """``listings``: how many are to be had in it now."""

    id = serializers.CharField(source="pk")
    slug = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    listings = serializers.IntegerField(source="there")
