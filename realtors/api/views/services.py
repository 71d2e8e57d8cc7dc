"""Services: those near a place, those for whoever asks, and those that somebody offers."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import Page, page_and_limit, paginate
from booking_site.common.places import Point
from realtors import services
from realtors.api.listing_lookups import called_as_in_bodies
from realtors.api.offering import edited, shown_as
from realtors.api.service_lookups import (
    nearby_wish,
    own_service_of,
    own_services,
    place_asked,
    service_facts,
    service_of,
    services_answer,
    told_of_people,
)
from realtors.api.service_queries import (
    NearbyQueryShape,
    OwnServicesQueryShape,
    PlaceQueryShape,
)
from realtors.api.service_shapes import (
    ACTIVE,
    COMPLAINTS,
    STATUSES,
    RecommendedServiceShape,
    ServiceChangeShape,
    ServiceShape,
    ServiceWishShape,
)
from realtors.models import ListingKind, ListingQuerySet, PriceUnit
from realtors.selectors import nearby_services, recommended_for
from realtors.selectors.distance import near

TAGS = ["services"]
RECOMMENDED = (ListingKind.SERVICE.value, ListingKind.BOARDING.value)


class NearbyView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_nearby_services",
        tags=TAGS,
        parameters=[NearbyQueryShape],
        responses=answers(ServiceShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Those that can be had within `radius` kilometres of `lat` and `lng`, or of the place that
        the caller has saved. One page of at most `limit`; `total` says how many are in it."""
        wish = nearby_wish(request, parsed_query(NearbyQueryShape, request))
        rows = list(told_of_people(nearby_services(wish)))
        return listed(services_answer(rows), Page(rows, 1, wish.limit, len(rows)))


class RecommendedView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="recommend_services_to_me",
        tags=TAGS,
        parameters=[PlaceQueryShape, *PAGING],
        responses=answers(RecommendedServiceShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Services and boarding places, each with the `reason` why it stands there: by what the
        caller looked at, saved and booked, and by what people chose who chose the same; popular and
        new for newcomers. `lat` and `lng`, or the saved place, make `distance` known."""
        place = place_asked(request, parsed_query(PlaceQueryShape, request))
        number, limit = page_and_limit(request.query_params)
        found = recommended_for(
            user_of(request),
            at=timezone.now(),
            page=number,
            page_size=limit,
            kinds=RECOMMENDED,
            dressed=_dressed_at(place),
        )
        rows = [one.listing for one in found.rows]
        reasons = {one.listing.pk: one.reason for one in found.rows}
        told = services_answer(rows, RecommendedServiceShape, reasons=reasons)
        return listed(told, found)


class ServicesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_own_services",
        tags=TAGS,
        parameters=[OwnServicesQueryShape, *PAGING],
        responses=answers(ServiceShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """What the caller offers, or may edit as staff of a store; inactive ones too."""
        query = parsed_query(OwnServicesQueryShape, request)
        page = paginate(own_services(request, query), request.query_params)
        return listed(services_answer(page.rows), page)

    @extend_schema(
        operation_id="create_service",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ServiceWishShape,
        responses=answers(ServiceShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Shown to everybody at once, unless its `status` is inactive. Pictures are added as those
        of any listing, by `POST /api/v1/listings/{id}/pictures`."""
        body, at, by = parsed(ServiceWishShape, request), timezone.now(), actor_of(request)
        facts = {"price_unit": PriceUnit.VISIT} | service_facts(request, body)

        def work() -> Response:
            with called_as_in_bodies(COMPLAINTS):
                made = services.create_listing(kind=ListingKind.SERVICE, **facts, by=by, at=at)
                made = shown_as(made, STATUSES[body.get("status", ACTIVE)], by=by, at=at)
            return created(services_answer([made])[0])

        return write(request, work)


class ServiceView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="service", tags=TAGS, responses=answers(ServiceShape))
    def get(self, request: Request, service_id: str) -> Response:
        """One that everybody sees, or that the caller may edit."""
        return ok(services_answer([service_of(request, service_id)])[0])

    @extend_schema(
        operation_id="replace_service",
        tags=TAGS,
        request=ServiceWishShape,
        responses=answers(ServiceShape),
    )
    def put(self, request: Request, service_id: str) -> Response:
        """With a name and a price; whatever else is left out stays as it is."""
        return _changed(request, service_id, ServiceWishShape, partial=False)

    @extend_schema(
        operation_id="edit_service",
        tags=TAGS,
        request=ServiceChangeShape,
        responses=answers(ServiceShape),
    )
    def patch(self, request: Request, service_id: str) -> Response:
        """Only what is named changes; prices concern orders to come."""
        return _changed(request, service_id, ServiceChangeShape, partial=True)

    @extend_schema(
        operation_id="take_back_service",
        tags=TAGS,
        request=None,
        responses=answers(ServiceShape),
    )
    def delete(self, request: Request, service_id: str) -> Response:
        """Nobody finds it any more: it is inactive, for whoever has booked it once still sees what
        that was. 409 `listing_booked` while something of it is to come."""
        service, by, at = own_service_of(request, service_id), actor_of(request), timezone.now()

        def work() -> Response:
            back = services.take_back_listing(service, by=by, at=at)
            return ok(services_answer([back])[0])

        return write(request, work)


def _changed(
    request: Request, service_id: str, shape: type[Serializer], *, partial: bool
) -> Response:
    service = own_service_of(request, service_id)
    body: dict[str, Any] = parsed(shape, request, partial=partial)
    facts, by, at = service_facts(request, body), actor_of(request), timezone.now()
    status = STATUSES[body["status"]] if "status" in body else None

    def work() -> Response:
        with called_as_in_bodies(COMPLAINTS):
            changed = shown_as(edited(service, facts, by=by, at=at), status, by=by, at=at)
        return ok(services_answer([changed])[0])

    return write(request, work)


def _dressed_at(place: Point | None) -> Callable[[ListingQuerySet], ListingQuerySet]:
    if place is None:
        return told_of_people
    return lambda rows: told_of_people(near(rows, place, None))
