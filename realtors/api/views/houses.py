"""Houses that are recommended, to everybody or to whoever asks; every answer says why."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed_query
from booking_site.common.pagination import Page
from realtors.api.house_shapes import HouseQueryShape, HouseShape, HousesShape, wish_of_query
from realtors.models import ListingQuerySet
from realtors.selectors import Recommendation, recommended_for, recommended_houses

TAGS = ["houses"]


class RecommendView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="recommend_houses",
        tags=TAGS,
        parameters=[HouseQueryShape],
        responses=answers(HousesShape),
    )
    def get(self, request: Request) -> Response:
        """What many took an interest in lately and what is new first, then all others."""
        return _told(recommended_houses(**_asked(request)))


class PersonalRecommendView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="recommend_houses_to_me",
        tags=TAGS,
        parameters=[HouseQueryShape],
        responses=answers(HousesShape),
    )
    def get(self, request: Request) -> Response:
        """By what the caller looked at, saved and booked, and by what people chose who chose the
        same; without what they have booked, passed over, or offer themselves. For newcomers it is
        what everybody gets."""
        assert isinstance(request.user, User)
        return _told(recommended_for(request.user, **_asked(request)))


def _asked(request: Request) -> dict[str, Any]:
    query = parsed_query(HouseQueryShape, request)
    return {
        "wish": wish_of_query(query),
        "at": timezone.now(),
        "page": query["page"],
        "page_size": query["page_size"],
        "dressed": _dressed,
    }


def _dressed(rows: ListingQuerySet) -> ListingQuerySet:
    return rows.with_people().prefetch_related("pictures")


def _told(page: Page[Recommendation]) -> Response:
    houses = HouseShape(page.rows, many=True).data
    return ok({"list": houses, "total": page.total, "page": page.number, "page_size": page.limit})
