"""Reading and writing reviews."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
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
from booking_site.common.errors import Invalid
from booking_site.common.pagination import paginate
from realtors.api.listing_lookups import listing_of
from realtors.api.lookups import realtor_of
from reviews.api.lookups import appointment_of
from reviews.api.shapes import (
    ReviewQueryShape,
    ReviewShape,
    ReviewWishShape,
    SummaryShape,
    WhoseShape,
    summary_answer,
)
from reviews.models import Review, ReviewQuerySet
from reviews.selectors import Whose, sorted_by, summary_of
from reviews.services import write_review
from stores.api.lookups import store_of

TAGS = ["reviews"]


class ReviewsView(APIView):
    def get_permissions(self) -> Sequence[BasePermission]:
        """A guest writes on the page of the booking, where the proof is."""
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(
        operation_id="list_reviews",
        tags=TAGS,
        parameters=[ReviewQueryShape, *PAGING],
        responses=answers(ReviewShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Of stores that are open to the public; the newest first unless `sort` says otherwise.
        What an operator has hidden is not among them."""
        page = paginate(_wanted(request), request.query_params)
        return listed(ReviewShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="write_review",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReviewWishShape,
        responses=answers(ReviewShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """One for each completed appointment of the caller's own; the ratings of its realtor,
        store and listing hold it at once. Photos are sent before, one by one, to
        `/api/v1/reviews/photos`, and named here by their ids; what was sent and is not named is
        deleted. 409 `invalid_transition` before completion, and when there is one."""
        body, at = parsed(ReviewWishShape, request), timezone.now()
        appointment = appointment_of(request, body["appointment_id"])

        def work() -> Response:
            review = write_review(
                appointment,
                rating=body["rating"],
                comment=body.get("comment") or "",
                aspects=body.get("aspects") or {},
                photos=body.get("photos") or (),
                by=actor_of(request),
                at=at,
            )
            return created(ReviewShape(review).data)

        return write(request, work)


class SummaryView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="summary_of_reviews",
        tags=TAGS,
        parameters=[WhoseShape],
        responses=answers(SummaryShape),
    )
    def get(self, request: Request) -> Response:
        """What the reviews of one listing, or else of one realtor or store, come to: the mean, how
        many gave how many stars, and the means of the aspects. One of the ids is needed."""
        query = parsed_query(WhoseShape, request)
        if "listing_id" in query:
            return ok(_summary(listing_of(request, query["listing_id"])))
        if "realtor_id" in query:
            return ok(_summary(realtor_of(request, query["realtor_id"])))
        if "store_id" in query:
            return ok(_summary(store_of(request, query["store_id"])))
        raise Invalid(errors={"store_id": [_("Name a store, a realtor or a listing.")]})


def _summary(whose: Whose) -> dict[str, Any]:
    return summary_answer(summary_of(whose, aspects=True))


def _wanted(request: Request) -> ReviewQuerySet:
    rows = Review.objects.public().with_parts()
    query = parsed_query(ReviewQueryShape, request)
    if "store_id" in query:
        rows = rows.filter(store=store_of(request, query["store_id"]))
    if "realtor_id" in query:
        rows = rows.filter(realtor=realtor_of(request, query["realtor_id"]))
    if "listing_id" in query:
        rows = rows.filter(listing=listing_of(request, query["listing_id"]))
    if "rating" in query:
        rows = rows.filter(rating=query["rating"])
    return sorted_by(rows, query.get("sort") or "newest")
