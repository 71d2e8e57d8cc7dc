"""The starts a store offers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments.api.inputs import SlotsQueryShape
from appointments.api.lookups import listing_named, named_realtor
from appointments.api.shapes import SlotsShape
from appointments.selectors.offered_days import offered_days
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed_query
from stores.api.lookups import store_of


class SlotsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_slots",
        tags=["stores"],
        parameters=[SlotsQueryShape],
        responses=answers(SlotsShape),
    )
    def get(self, request: Request, store_id: str) -> Response:
        """Day by day, by the store's calendar. A day without an available start says why."""
        store, at = store_of(request, store_id), timezone.now()
        query = parsed_query(SlotsQueryShape, request)
        realtor = named_realtor(store, query.get("realtor_id"))
        days = offered_days(
            store,
            first=query.get("start_date") or at.astimezone(store.zone).date(),
            days=query["days"],
            at=at,
            duration_minutes=query.get("duration_minutes"),
            realtor_id=realtor.pk if realtor else None,
            listing=listing_named(store, query.get("listing_id")),
        )
        return ok(SlotsShape({"store_id": store.pk, "days": days}).data)
