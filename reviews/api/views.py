"""Reviews: everybody reads them, customers write theirs."""

from collections.abc import Sequence

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.api.envelope import answers, created, listed
from booking_site.common.api.inputs import not_there, parsed, parsed_query, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from realtors.api.lookups import realtor_of
from reviews.api.shapes import ReviewQueryShape, ReviewShape, ReviewWishShape
from reviews.models import Review, ReviewQuerySet
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
        """Of stores that are open to the public, the newest first."""
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
        """One for each completed appointment of the caller's own; the ratings of its realtor and
        store hold it at once. 409 `invalid_transition` before completion, and when there is one."""
        body, at = parsed(ReviewWishShape, request), timezone.now()
        appointment = _appointment_of(request, body["appointment_id"])

        def work() -> Response:
            review = write_review(
                appointment,
                rating=body["rating"],
                comment=body.get("comment") or "",
                by=actor_of(request),
                at=at,
            )
            return created(ReviewShape(review).data)

        return write(request, work)


def _appointment_of(request: Request, appointment_id: str) -> Appointment:
    """Raises NotFound, also for what is somebody else's."""
    assert isinstance(request.user, User)
    rows = Appointment.objects.visible_to(request.user).with_people()
    found = rows.filter(pk=row_id(appointment_id, field="appointment_id")).first()
    if found is None:
        raise not_there("appointment_id")
    return found


def _wanted(request: Request) -> ReviewQuerySet:
    rows = Review.objects.public().with_people()
    query = parsed_query(ReviewQueryShape, request)
    if "store_id" in query:
        rows = rows.filter(store=store_of(request, query["store_id"]))
    if "realtor_id" in query:
        rows = rows.filter(realtor=realtor_of(request, query["realtor_id"]))
    return rows.order_by("-id")
