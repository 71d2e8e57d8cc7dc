"""Photos, sent before the review that shows them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.parsers import uploaded_picture
from booking_site.common.api.envelope import answers, created
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from reviews.api.lookups import appointment_of, own_photo
from reviews.api.shapes import PhotoShape, PhotoWishShape
from reviews.gateways.pictures import photo_from
from reviews.services import add_photo, remove_photo, require_room

TAGS = ["reviews"]
FIELD = "photo"
UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "appointment_id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            FIELD: {"type": "string", "format": "binary"},
        },
        "required": ["appointment_id", FIELD],
    }
}


class PhotosView(APIView):
    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_review_photo",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=UPLOAD,
        responses=answers(PhotoShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A JPEG, PNG or WebP picture of at most 10 MB and 24 million pixels, for the review of a
        completed appointment of the caller's own; six at most. It is encoded anew, without place
        and camera, and deleted after a day unless a review names its id."""
        raw, at = uploaded_picture(request, field=FIELD), timezone.now()
        appointment = appointment_of(request, parsed(PhotoWishShape, request)["appointment_id"])
        # Decoding is the costly part: not for what is refused anyway.
        require_room(appointment, by=actor_of(request))
        pictures = photo_from(raw, field=FIELD)

        def work() -> Response:
            photo = add_photo(appointment, pictures=pictures, by=actor_of(request), at=at)
            return created(PhotoShape(photo).data)

        return write(request, work)


class PhotoView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="remove_review_photo", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, key: str) -> Response:
        """One that no review shows yet."""
        photo = own_photo(request, key)
        run_in_transaction(lambda: remove_photo(photo, by=actor_of(request), at=timezone.now()))
        return Response(status=204)
