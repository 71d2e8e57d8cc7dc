"""What goes in and comes out where services are concerned, in Document 4's names."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.api.inputs import IdField, LineField, RowShape, TextField
from realtors.api.listing_shapes import MoneyField
from realtors.api.on_map import OnMap
from realtors.listing_rules import LONGEST_TAG, MOST_TAGS
from realtors.models import Listing, ListingKind, ListingStatus, PriceUnit, Realtor

ACTIVE, INACTIVE = "active", "inactive"
STATUSES = {ACTIVE: ListingStatus.PUBLISHED, INACTIVE: ListingStatus.DRAFT}
LONGEST_CATEGORY = 50
# From the names of bodies to what the services of listings call it.
FACTS = {
    "name": "title",
    "description": "description",
    "category": "category",
    "subcategory": "subcategory",
    "price": "price",
    "priceUnit": "price_unit",
    "durationMinutes": "duration_minutes",
    "tags": "tags",
    "storeId": "store_id",
}
# Where complaints of those services belong.
COMPLAINTS = {
    **{told: name for name, told in FACTS.items()},
    **dict.fromkeys(("latitude", "longitude", "address"), "location"),
    "store": "storeId",
    "attributes": "radiusKm",
}


def _degrees(most: int) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-most,
        max_value=most,
        coerce_to_string=False,
        allow_null=True,
    )


class LocationWishShape(RowShape):
    """``lat`` and ``lng``: both, or both null where nobody should know."""

    lat = _degrees(90)
    lng = _degrees(180)
    address = LineField(max_length=200, required=False, allow_blank=True)


class ServiceWishShape(serializers.Serializer):
    """Providers write for themselves and leave out ``storeId``; staff name their store, which then
    sends whoever is free. ``category``: by its short name, or what it is called in either language.
    ``location``: where it is offered, the provider's own place when missing or null; ``radiusKm``:
    how far from there they come. ``status``: active unless it says inactive."""

    name = LineField(max_length=100)
    description = TextField(max_length=4000, required=False, allow_blank=True)
    category = LineField(max_length=LONGEST_CATEGORY, required=False, allow_null=True)
    subcategory = LineField(max_length=50, required=False, allow_blank=True)
    price = MoneyField()
    priceUnit = serializers.ChoiceField(PriceUnit.choices, required=False)
    durationMinutes = serializers.IntegerField(
        min_value=5, max_value=1440, required=False, allow_null=True
    )
    location = LocationWishShape(required=False, allow_null=True)
    radiusKm = serializers.IntegerField(
        min_value=0, max_value=2000, required=False, allow_null=True
    )
    tags = serializers.ListField(
        child=LineField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )
    storeId = IdField(required=False)
    status = serializers.ChoiceField(list(STATUSES), required=False)


class ServiceChangeShape(ServiceWishShape):
    """Only what is named changes; a location changes as a whole."""


class ProviderShape(serializers.Serializer):
    """``id`` is that of the account, null where somebody works without one."""

    id = serializers.SerializerMethodField()
    displayName = serializers.CharField(source="name")
    avatarUrl = serializers.CharField(source="user.avatar_url", default=None, allow_null=True)
    rating = serializers.FloatField()

    @extend_schema_field({"type": "string", "nullable": True})
    def get_id(self, provider: Realtor) -> str | None:
        return str(provider.user_id) if provider.user_id else None


class ServiceShape(OnMap, serializers.Serializer):
    """Of a listing. ``price``: for what ``priceUnit`` says. ``distance``: kilometres from the place
    that was asked for, null without one. ``provider`` is null where the store sends whoever is
    free. ``images``: addresses of this site. ``radiusKm``: how far they come, null where nobody
    said. ``orderCount``: how often it was booked, by listing's id as ``orders`` in the context."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField(source="title")
    description = serializers.CharField()
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    subcategory = serializers.CharField()
    price = serializers.FloatField()
    priceUnit = serializers.ChoiceField(PriceUnit.choices, source="price_unit")
    currency = serializers.CharField()
    durationMinutes = serializers.IntegerField(source="duration_minutes", allow_null=True)
    location = serializers.SerializerMethodField()
    distance = serializers.SerializerMethodField()
    radiusKm = serializers.SerializerMethodField()
    rating = serializers.FloatField()
    reviewCount = serializers.IntegerField(source="review_count")
    orderCount = serializers.SerializerMethodField()
    images = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField())
    status = serializers.SerializerMethodField()
    provider = ProviderShape(source="realtor", allow_null=True)
    storeId = serializers.CharField(source="store_id")
    storeName = serializers.CharField(source="store.name")

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_radiusKm(self, service: Listing) -> int | None:
        return service.attributes.get("radius_km")

    def get_orderCount(self, service: Listing) -> int:
        return int(self.context["orders"].get(service.pk, 0))

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_images(self, service: Listing) -> list[str]:
        return [reverse("realtors:picture", args=[one.key]) for one in service.pictures.all()]

    @extend_schema_field({"type": "string", "enum": [ACTIVE, INACTIVE]})
    def get_status(self, service: Listing) -> str:
        return ACTIVE if service.is_published else INACTIVE


class RecommendedServiceShape(ServiceShape):
    """A service, or a boarding place by ``kind``, with why it is shown: a sentence in the language
    of the request, and its code; by listing's id as ``reasons`` in the context."""

    kind = serializers.ChoiceField([ListingKind.SERVICE.value, ListingKind.BOARDING.value])
    reason = serializers.SerializerMethodField()
    reasonCode = serializers.SerializerMethodField()

    def get_reason(self, service: Listing) -> str:
        return str(self.context["reasons"][service.pk].sentence)

    def get_reasonCode(self, service: Listing) -> str:
        return str(self.context["reasons"][service.pk].code)
