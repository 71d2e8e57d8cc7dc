"""What others say to a review: the answer of whom it is about, and reports."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, created, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from reviews.api.lookups import review_among, user_of
from reviews.api.shapes import ReplyWishShape, ReportShape, ReportWishShape, ReviewShape
from reviews.limits import count_report
from reviews.models import Review
from reviews.services import reply, report

TAGS = ["reviews"]


class ReplyView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="reply_to_review",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReplyWishShape,
        responses=answers(ReviewShape),
    )
    @idempotent
    def post(self, request: Request, review_id: str) -> Response:
        """By its realtor, or by staff of its store; for everybody else it is not there. One answer,
        which can be sent anew for a day; after that 409 `invalid_transition`."""
        body, at = parsed(ReplyWishShape, request), timezone.now()
        review = review_among(Review.objects.answerable_by(user_of(request)), review_id)

        def work() -> Response:
            answered = reply(review, text=body["reply"], by=actor_of(request), at=at)
            return ok(ReviewShape(answered).data)

        return write(request, work)


class ReportView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="report_review",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=ReportWishShape,
        responses=answers(ReportShape, status=201),
    )
    @idempotent
    def post(self, request: Request, review_id: str) -> Response:
        """Say that it should not stand there. It stays until an operator has decided. 409
        `conflict` while an earlier report of the caller's is open; 429 after many."""
        body, at = parsed(ReportWishShape, request), timezone.now()
        review = review_among(Review.objects.public(), review_id)
        count_report(user_of(request).pk, at)

        def work() -> Response:
            made = report(
                review,
                reason=body["reason"],
                words=body.get("words") or "",
                by=actor_of(request),
                at=at,
            )
            return created(ReportShape(made).data)

        return write(request, work)
