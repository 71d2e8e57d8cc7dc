"""What the caller has saved, to come back to."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from booking_site.common.api.envelope import answers, listed, ok
from booking_site.common.api.inputs import row_id
from booking_site.common.api.parameters import PAGING
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.api.listing_lookups import listing_of
from realtors.api.listing_shapes import ListingShape
from realtors.models import Listing
from realtors.selectors import saved_by

from .listings import run_by_caller

TAGS = ["listings"]


class SavedShape(serializers.Serializer):
    listing_id = serializers.CharField()
    saved = serializers.BooleanField()


class SavedListingsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="saved_listings",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(ListingShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """What the caller has saved and can still be had, the latest first."""
        assert isinstance(request.user, User)
        rows = saved_by(request.user).prefetch_related("pictures")
        page = paginate(rows, request.query_params)
        shapes = ListingShape(page.rows, many=True, context=run_by_caller(request, page.rows))
        return listed(shapes.data, page)


class SavedListingView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="save_listing", tags=TAGS, request=None, responses=answers(SavedShape)
    )
    def put(self, request: Request, listing_id: str) -> Response:
        """Found again under what the caller has saved; doing it again changes nothing. 409
        `conflict` where that is more than anybody reads."""
        listing = listing_of(request, listing_id)
        by, at = actor_of(request), timezone.now()
        run_in_transaction(lambda: services.save_listing(listing, by=by, at=at))
        return _answer(listing, saved=True)

    @extend_schema(
        operation_id="unsave_listing", tags=TAGS, request=None, responses=answers(SavedShape)
    )
    def delete(self, request: Request, listing_id: str) -> Response:
        """Also of what is not to be had any more; doing it again changes nothing."""
        assert isinstance(request.user, User)
        own = Listing.objects.saved_by(request.user).filter(pk=row_id(listing_id)).first()
        listing = own or listing_of(request, listing_id)
        by, at = actor_of(request), timezone.now()
        run_in_transaction(lambda: services.unsave_listing(listing, by=by, at=at))
        return _answer(listing, saved=False)


def _answer(listing: Listing, *, saved: bool) -> Response:
    return ok({"listing_id": str(listing.pk), "saved": saved})
