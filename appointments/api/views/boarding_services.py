"""Boarding places: everybody finds them, sitters and stores write them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api.boarding_lookups import (
    own_place_of,
    place_facts,
    place_of,
    places_asked_for,
    require_bookable,
)
from appointments.api.boarding_queries import BoardingQueryShape, OccupancyQueryShape
from appointments.api.boarding_rendering import place_answer, place_with_nights, places_answer
from appointments.api.boarding_shapes import (
    BoardingChangeShape,
    BoardingShape,
    BoardingWishShape,
    BoardingWithNightsShape,
)
from appointments.api.complaints import BOARDING, said_of
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from realtors import services
from realtors.api.offering import edited, shown_as
from realtors.api.views.listings import ReadByAll
from realtors.models import ListingKind, ListingStatus, PriceUnit

TAGS = ["boarding"]
OF_BOARDING = {"kind": ListingKind.BOARDING, "price_unit": PriceUnit.NIGHT}


class BoardingServicesView(ReadByAll):
    @extend_schema(
        operation_id="list_boarding_services",
        tags=TAGS,
        parameters=[BoardingQueryShape, *PAGING],
        responses=answers(BoardingShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Those that can be booked: with dates, only those with room every night. The nearest
        first where a place is given, else the best."""
        query, at = parsed_query(BoardingQueryShape, request), timezone.now()
        found = places_asked_for(request, query, at=at).prefetch_related("pictures")
        page = paginate(found, request.query_params)
        return listed(places_answer(request, page.rows, query, at=at), page)

    @extend_schema(
        operation_id="create_boarding_service",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=BoardingWishShape,
        responses=answers(BoardingShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Shown to everybody at once, unless its `status` is draft. Pictures are added as those of
        any listing, by `POST /api/v1/listings/{id}/pictures`."""
        body, at, by = parsed(BoardingWishShape, request), timezone.now(), actor_of(request)
        facts = place_facts(request, body)

        def work() -> Response:
            with said_of(BOARDING):
                made = services.create_listing(**OF_BOARDING, **facts, by=by, at=at)
                status = body.get("status", ListingStatus.PUBLISHED)
                made = shown_as(made, status, by=by, at=at)
            return created(place_answer(request, made, at=at))

        return write(request, work)


class BoardingServiceView(ReadByAll):
    @extend_schema(
        operation_id="boarding_service",
        tags=TAGS,
        parameters=[OccupancyQueryShape],
        responses=answers(BoardingWithNightsShape),
    )
    def get(self, request: Request, place_id: str) -> Response:
        """With how many units are left, night by night."""
        query, at = parsed_query(OccupancyQueryShape, request), timezone.now()
        if query.get("check_in") is not None:
            require_bookable(query["check_in"], query["check_out"], at=at)
        place = place_of(request, place_id)
        return ok(place_with_nights(request, place, query, at=at))

    @extend_schema(
        operation_id="edit_boarding_service",
        tags=TAGS,
        request=BoardingChangeShape,
        responses=answers(BoardingShape),
    )
    def patch(self, request: Request, place_id: str) -> Response:
        """Only what is named changes; prices concern stays to come. Sitter and store remain while
        somebody has booked it."""
        place = own_place_of(request, place_id)
        body = parsed(BoardingChangeShape, request, partial=True)
        facts, by, at = place_facts(request, body), actor_of(request), timezone.now()

        def work() -> Response:
            with said_of(BOARDING):
                changed = edited(place, facts, by=by, at=at)
                changed = shown_as(changed, body.get("status"), by=by, at=at)
            return ok(place_answer(request, changed, at=at))

        return write(request, work)
