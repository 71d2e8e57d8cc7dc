"""Listings: everybody finds them; who offers something writes them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.api.listing_lookups import (
    called_as_in_bodies,
    facts_of,
    listing_of,
    own_listing_of,
    wish_of,
)
from realtors.api.listing_shapes import (
    CategoryShape,
    ListingChangeShape,
    ListingQueryShape,
    ListingShape,
    ListingWishShape,
)
from realtors.models import Listing
from realtors.selectors import categories_with_listings, matching_listings

TAGS = ["listings"]


class ReadByAll(APIView):
    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]


class ListingsView(ReadByAll):
    @extend_schema(
        operation_id="list_listings",
        tags=TAGS,
        parameters=[ListingQueryShape, *PAGING],
        responses=answers(ListingShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Houses, courses, boarding places and services that can be booked; the best first, or the
        nearest where a place is given, unless `sort` says otherwise."""
        query = parsed_query(ListingQueryShape, request)
        mine = query.get("mine", False)
        rows = Listing.objects.run_by(request.user) if mine else Listing.objects.open_to_public()
        found = matching_listings(rows.with_people(), wish_of(request, query))
        page = paginate(found.prefetch_related("pictures"), request.query_params)
        return listed(
            ListingShape(page.rows, many=True, context=run_by_caller(request, page.rows)).data, page
        )

    @extend_schema(
        operation_id="create_listing",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ListingWishShape,
        responses=answers(ListingShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A draft, which nobody else sees before it is published. Providers offer what they do
        themselves, staff what their store offers."""
        facts = facts_of(request, parsed(ListingWishShape, request))

        def work() -> Response:
            with called_as_in_bodies():
                made = services.create_listing(**facts, by=actor_of(request), at=timezone.now())
            return created(_shown(request, made))

        return write(request, work)


class ListingView(ReadByAll):
    @extend_schema(operation_id="listing", tags=TAGS, responses=answers(ListingShape))
    def get(self, request: Request, listing_id: str) -> Response:
        listing = listing_of(request, listing_id)
        return ok(ListingShape(listing, context=run_by_caller(request, [listing])).data)

    @extend_schema(
        operation_id="edit_listing",
        tags=TAGS,
        request=ListingChangeShape,
        responses=answers(ListingShape),
    )
    def patch(self, request: Request, listing_id: str) -> Response:
        """Only what is named changes. Prices concern bookings to come; kind, store and realtor stay
        while somebody has booked it."""
        listing = own_listing_of(request, listing_id)
        facts = facts_of(request, parsed(ListingChangeShape, request, partial=True))

        def work() -> Response:
            with called_as_in_bodies():
                changed = services.edit_listing(
                    listing, **facts, by=actor_of(request), at=timezone.now()
                )
            return ok(_shown(request, changed))

        return run_in_transaction(work)


class PublishView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="publish_listing", tags=TAGS, request=None, responses=answers(ListingShape)
    )
    def post(self, request: Request, listing_id: str) -> Response:
        """Everybody sees it from now on. 409 `invalid_transition` where it is shown already, or was
        taken down by staff."""
        return _moved(request, listing_id, services.publish_listing)


class WithdrawView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="withdraw_listing", tags=TAGS, request=None, responses=answers(ListingShape)
    )
    def post(self, request: Request, listing_id: str) -> Response:
        """A draft again; what is booked stays booked."""
        return _moved(request, listing_id, services.withdraw_listing)


class CategoriesView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_categories", tags=TAGS, responses=answers(CategoryShape, many=True)
    )
    def get(self, request: Request) -> Response:
        page = paginate(categories_with_listings(), request.query_params, limit=100)
        return listed(CategoryShape(page.rows, many=True).data, page)


def _moved(request: Request, listing_id: str, step: Callable[..., Listing]) -> Response:
    listing = own_listing_of(request, listing_id)

    def work() -> Response:
        with called_as_in_bodies():
            moved = step(listing, by=actor_of(request), at=timezone.now())
        return ok(_shown(request, moved))

    return run_in_transaction(work)


def _shown(request: Request, listing: Listing) -> Any:
    """To whoever has just written it."""
    return ListingShape(listing, context={"run": {listing.pk}}).data


def run_by_caller(request: Request, listings: Sequence[Listing]) -> dict[str, set[int]]:
    """Which of these the caller may edit. One query, none for guests."""
    ids = [one.pk for one in listings]
    rows = Listing.objects.run_by(request.user).filter(pk__in=ids)
    return {"run": set(rows.values_list("pk", flat=True)) if ids else set()}
