"""What goes in and comes out where courses are concerned, in Document 3's names."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.api.slot_shapes import CourseSlotShape
from booking_site.common.api.inputs import IdField, LineField, TextField
from booking_site.common.api.times import QueryDateField
from realtors.api.listing_shapes import MoneyField
from realtors.listing_rules import LEVELS, LONGEST_ATTRIBUTE, LONGEST_TAG, MOST_TAGS
from realtors.models import Listing, ListingPicture, ListingStatus

BY_OWNERS = [ListingStatus.DRAFT.value, ListingStatus.PUBLISHED.value]
# From the names of bodies to what the services of listings call it.
FACTS = {
    "title": "title",
    "description": "description",
    "teacherId": "realtor_id",
    "institutionId": "store_id",
    "category": "category",
    "price": "price",
    "duration": "duration_minutes",
    "capacity": "capacity",
    "tags": "tags",
    "needsApproval": "needs_approval",
    "depositPercent": "deposit_percent",
}
PARTICULARS = {
    "ageFrom": "age_from",
    "ageTo": "age_to",
    "level": "level",
    "language": "language",
    "bring": "bring",
    "packageSessions": "package_sessions",
}


def _years(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=120, allow_null=True, **options)


class CourseWishShape(serializers.Serializer):
    """Teachers write for themselves and leave out ``teacherId`` and ``institutionId``; staff of a
    store name the teacher. ``duration``: minutes of a session. ``price``: of a seat.
    ``depositPercent``: how much of it is paid in advance. ``packageSessions``: of 2 or more, so
    many sessions are booked together. ``status``: published unless it says draft."""

    title = LineField(max_length=100)
    description = TextField(max_length=4000, required=False, allow_blank=True)
    teacherId = IdField(required=False)
    institutionId = IdField(required=False)
    category = serializers.SlugField(max_length=50, required=False, allow_null=True)
    price = MoneyField()
    duration = serializers.IntegerField(min_value=5, max_value=1440)
    capacity = serializers.IntegerField(min_value=1, max_value=500, required=False)
    tags = serializers.ListField(
        child=LineField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )
    needsApproval = serializers.BooleanField(required=False)
    depositPercent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    ageFrom = _years(required=False)
    ageTo = _years(required=False)
    level = serializers.ChoiceField(LEVELS, required=False, allow_null=True)
    language = LineField(max_length=LONGEST_ATTRIBUTE, required=False, allow_null=True)
    bring = LineField(max_length=LONGEST_ATTRIBUTE, required=False, allow_null=True)
    packageSessions = serializers.IntegerField(
        min_value=1, max_value=50, required=False, allow_null=True
    )
    status = serializers.ChoiceField(BY_OWNERS, required=False)


class CourseChangeShape(CourseWishShape):
    """Only what is named changes."""


class CourseQueryShape(serializers.Serializer):
    """``dateFrom`` and ``dateTo``: with a session on these days that is yet to begin. ``mine``:
    what the caller may edit, drafts too."""

    teacherId = IdField(required=False)
    institutionId = IdField(required=False)
    category = serializers.CharField(max_length=50, required=False, allow_blank=True)
    q = serializers.CharField(max_length=80, required=False, allow_blank=True)
    priceMin = MoneyField(required=False)
    priceMax = MoneyField(required=False)
    dateFrom = QueryDateField(required=False)
    dateTo = QueryDateField(required=False)
    mine = serializers.BooleanField(required=False)


class CoursePictureShape(serializers.Serializer):
    """``url`` and ``thumbnailUrl`` are addresses of this site."""

    id = serializers.CharField(source="key")
    url = serializers.SerializerMethodField()
    thumbnailUrl = serializers.SerializerMethodField()
    caption = serializers.CharField()

    def get_url(self, picture: ListingPicture) -> str:
        return reverse("realtors:picture", args=[picture.key])

    def get_thumbnailUrl(self, picture: ListingPicture) -> str:
        return reverse("realtors:picture_small", args=[picture.key])


class CourseShape(serializers.Serializer):
    """Of a listing. ``nextSlot``: the first of its sessions that can be booked now, or null; by
    listing's id as ``next`` in the context. ``courseName`` says ``title`` again, as bookings call
    it."""

    id = serializers.CharField(source="pk")
    title = serializers.CharField()
    courseName = serializers.CharField(source="title")
    description = serializers.CharField()
    teacherId = serializers.CharField(source="realtor_id")
    teacherName = serializers.CharField(source="realtor.name")
    institutionId = serializers.CharField(source="store_id")
    institutionName = serializers.CharField(source="store.name")
    price = serializers.FloatField()
    currency = serializers.CharField()
    duration = serializers.IntegerField(source="duration_minutes", allow_null=True)
    capacity = serializers.IntegerField()
    needsApproval = serializers.BooleanField(source="needs_approval")
    depositPercent = serializers.IntegerField(source="deposit_percent")
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    ageFrom = serializers.SerializerMethodField()
    ageTo = serializers.SerializerMethodField()
    level = serializers.SerializerMethodField()
    language = serializers.SerializerMethodField()
    bring = serializers.SerializerMethodField()
    packageSessions = serializers.IntegerField(source="package_sessions")
    rating = serializers.FloatField()
    reviewCount = serializers.IntegerField(source="review_count")
    pictures = CoursePictureShape(many=True)
    status = serializers.ChoiceField(ListingStatus.choices)
    nextSlot = serializers.SerializerMethodField()

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_ageFrom(self, course: Listing) -> int | None:
        return course.attributes.get("age_from")

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_ageTo(self, course: Listing) -> int | None:
        return course.attributes.get("age_to")

    @extend_schema_field({"type": "string", "nullable": True})
    def get_level(self, course: Listing) -> str | None:
        return course.attributes.get("level")

    @extend_schema_field({"type": "string", "nullable": True})
    def get_language(self, course: Listing) -> str | None:
        return course.attributes.get("language")

    @extend_schema_field({"type": "string", "nullable": True})
    def get_bring(self, course: Listing) -> str | None:
        return course.attributes.get("bring")

    @extend_schema_field(CourseSlotShape(allow_null=True))
    def get_nextSlot(self, course: Listing) -> dict[str, Any] | None:
        found = self.context["next"].get(course.pk)
        return CourseSlotShape(found).data if found is not None else None
