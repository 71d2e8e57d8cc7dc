"""What goes in and comes out where reviews are concerned."""

from rest_framework import serializers

from booking_site.common.api.inputs import IdField, TextField
from booking_site.common.api.times import InstantField
from reviews.rules import HIGHEST, LONGEST_COMMENT, LOWEST


class ReviewWishShape(serializers.Serializer):
    """``appointment_id``: one of the caller's own, which is completed."""

    appointment_id = IdField()
    rating = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)
    comment = TextField(
        max_length=LONGEST_COMMENT, required=False, allow_null=True, allow_blank=True
    )


class ReviewQueryShape(serializers.Serializer):
    store_id = IdField(required=False)
    realtor_id = IdField(required=False)


class ReviewShape(serializers.Serializer):
    """As everybody sees it: ``author`` is the first sign of a name."""

    id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    realtor_id = serializers.CharField()
    realtor_name = serializers.CharField(source="realtor.name")
    rating = serializers.IntegerField()
    comment = serializers.CharField()
    author = serializers.CharField()
    created_at = InstantField(store="store", read_only=True)
