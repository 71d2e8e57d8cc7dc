"""What goes in and comes out where reviews are concerned."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking_site.common.api.inputs import IdField, TextField
from booking_site.common.api.times import InstantField
from reviews.models import Aspect, ReportReason, Review, ReviewPhoto
from reviews.rules import (
    HIGHEST,
    LONGEST_COMMENT,
    LONGEST_REPLY,
    LONGEST_REPORT,
    LOWEST,
    MOST_PHOTOS,
)
from reviews.selectors import SORTS, Summary

KEY_LENGTH = 32


class AspectsShape(serializers.Serializer):
    """Stars for one side of it. Who says nothing of an aspect leaves it out."""

    punctuality = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, required=False)
    manner = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, required=False)
    skill = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, required=False)
    value = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, required=False)

    def to_internal_value(self, data: Any) -> dict[str, int]:
        told: dict[str, int] = super().to_internal_value(data)
        unknown = [name for name in data if name not in self.fields] if told is not None else []
        if unknown:
            choices = ", ".join(Aspect.values)
            raise serializers.ValidationError({str(unknown[0])[:50]: [choices]})
        return told


class ReviewWishShape(serializers.Serializer):
    """``appointment_id``: one of the caller's own, which is completed. ``photos``: ids that
    `POST /api/v1/reviews/photos` gave for it, in the order in which they are to be shown."""

    appointment_id = IdField()
    rating = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    aspects = AspectsShape(required=False)
    comment = TextField(
        max_length=LONGEST_COMMENT, required=False, allow_null=True, allow_blank=True
    )
    photos = serializers.ListField(
        child=serializers.CharField(max_length=KEY_LENGTH),
        max_length=MOST_PHOTOS,
        required=False,
        allow_null=True,
    )


class PhotoWishShape(serializers.Serializer):
    appointment_id = serializers.CharField(max_length=20)


class WhoseShape(serializers.Serializer):
    store_id = IdField(required=False)
    realtor_id = IdField(required=False)
    listing_id = IdField(required=False)


class ReviewQueryShape(WhoseShape):
    rating = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST, required=False)
    sort = serializers.ChoiceField(list(SORTS), required=False, allow_blank=True)


class ReplyWishShape(serializers.Serializer):
    reply = TextField(max_length=LONGEST_REPLY)


class ReportWishShape(serializers.Serializer):
    reason = serializers.ChoiceField(ReportReason.choices)
    words = TextField(max_length=LONGEST_REPORT, required=False, allow_null=True, allow_blank=True)


class ReportShape(serializers.Serializer):
    id = serializers.CharField(source="pk")
    review_id = serializers.CharField()
    reason = serializers.ChoiceField(ReportReason.choices)
    words = serializers.CharField()
    state = serializers.CharField()
    created_at = InstantField(store="review.store", read_only=True)


class PhotoShape(serializers.Serializer):
    """``url`` and ``thumbnail_url`` are addresses of this site: JPEG, at most 1600 and 320 pixels
    wide and high. Before the review is sent only its author sees them."""

    id = serializers.CharField(source="key")
    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()

    def get_url(self, photo: ReviewPhoto) -> str:
        return reverse("reviews:photo", args=[photo.key])

    def get_thumbnail_url(self, photo: ReviewPhoto) -> str:
        return reverse("reviews:photo_small", args=[photo.key])


class ReviewShape(serializers.Serializer):
    """As everybody sees it: ``author`` is the first sign of a name. ``reply`` is empty and
    ``replied_at`` null where nobody has answered."""

    id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    realtor_id = serializers.CharField()
    realtor_name = serializers.CharField(source="realtor.name")
    listing_id = serializers.CharField(allow_null=True)
    rating = serializers.IntegerField()
    aspects = serializers.SerializerMethodField()
    comment = serializers.CharField()
    photos = PhotoShape(many=True)
    author = serializers.CharField()
    reply = serializers.CharField()
    replied_at = InstantField(store="store", read_only=True, allow_null=True)
    created_at = InstantField(store="store", read_only=True)

    @extend_schema_field(AspectsShape)
    def get_aspects(self, review: Review) -> dict[str, int]:
        return {one.aspect: one.stars for one in review.aspects.all()}


class StarsShape(serializers.Serializer):
    stars = serializers.IntegerField()
    count = serializers.IntegerField()


class AspectMeanShape(serializers.Serializer):
    aspect = serializers.ChoiceField(Aspect.choices)
    rating = serializers.FloatField(source="mean")
    count = serializers.IntegerField()


class SummaryShape(serializers.Serializer):
    """``distribution``: how many gave so many stars, five first. ``aspects``: those that somebody
    has rated."""

    rating = serializers.FloatField()
    review_count = serializers.IntegerField()
    distribution = StarsShape(many=True)
    aspects = AspectMeanShape(many=True)


def summary_answer(summary: Summary) -> dict[str, Any]:
    row = {
        "rating": summary.mean,
        "review_count": summary.count,
        "distribution": [{"stars": stars, "count": count} for stars, count in summary.counts],
        "aspects": summary.aspects,
    }
    return SummaryShape(row).data
