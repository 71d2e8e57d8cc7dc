"""Pictures of listings: sent one by one, put in order, removed."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.parsers import uploaded_picture
from booking_site.common.api.envelope import answers, created, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.api.listing_lookups import own_listing_of, own_picture_of
from realtors.api.listing_shapes import ListingPictureShape, PictureChangeShape, PictureWishShape
from realtors.gateways.pictures import FIELD, listing_pictures_from

TAGS = ["listings"]
UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            FIELD: {"type": "string", "format": "binary"},
            "caption": {"type": "string", "maxLength": 100},
        },
        "required": [FIELD],
    }
}


class ListingPicturesView(APIView):
    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_listing_picture",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=UPLOAD,
        responses=answers(ListingPictureShape, status=201),
    )
    @idempotent
    def post(self, request: Request, listing_id: str) -> Response:
        """A JPEG, PNG or WebP picture of at most 10 MB and 24 million pixels; twelve at most, the
        first one is the cover. It is encoded anew, without place and camera."""
        raw, at = uploaded_picture(request, field=FIELD), timezone.now()
        listing = own_listing_of(request, listing_id)
        caption = parsed(PictureWishShape, request).get("caption", "")
        # Decoding is the costly part: not for what is refused anyway.
        services.require_room(listing, by=actor_of(request))
        pictures = listing_pictures_from(raw)

        def work() -> Response:
            made = services.add_picture(
                listing, pictures=pictures, caption=caption, by=actor_of(request), at=at
            )
            return created(ListingPictureShape(made).data)

        return write(request, work)


class ListingPictureView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="change_listing_picture",
        tags=TAGS,
        request=PictureChangeShape,
        responses=answers(ListingPictureShape),
    )
    def patch(self, request: Request, listing_id: str, picture_key: str) -> Response:
        """What it shows, and where it stands."""
        picture = own_picture_of(request, listing_id, picture_key)
        facts = parsed(PictureChangeShape, request, partial=True)

        def work() -> Response:
            changed = services.change_picture(
                picture, **facts, by=actor_of(request), at=timezone.now()
            )
            return ok(ListingPictureShape(changed).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_listing_picture", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, listing_id: str, picture_key: str) -> Response:
        picture = own_picture_of(request, listing_id, picture_key)

        def work() -> Response:
            services.remove_picture(picture, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
