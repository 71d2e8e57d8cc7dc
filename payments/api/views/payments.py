"""One's payments."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query, row_id
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from payments.api.lookups import booking_of, payment_among, user_of
from payments.api.shapes import PaymentQueryShape, PaymentShape, PaymentWishShape
from payments.models import Payment
from payments.selectors import payments_of
from payments.services import open_payment

TAGS = ["payments"]


class PaymentsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_payments",
        tags=TAGS,
        parameters=[PaymentQueryShape, *PAGING],
        responses=answers(PaymentShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """The caller's own, the newest first."""
        query = parsed_query(PaymentQueryShape, request)
        rows = payments_of(user_of(request))
        if query.get("booking_id"):
            wanted = row_id(query["booking_id"], field="booking_id")
            rows = rows.filter(shares__appointment=wanted)
        if query.get("status"):
            rows = rows.filter(status=query["status"])
        page = paginate(rows, request.query_params)
        return listed(PaymentShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="open_payment",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=PaymentWishShape,
        responses=answers(PaymentShape, status=201) | answers(PaymentShape),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """The open payment of what is due, all of a package in one: 201 when it is a new one, 200
        when it was there. With another gateway than before the one before is closed. 409
        `invalid_transition` where nothing is due, `hold_expired` when the time to pay is over."""
        body, at = parsed(PaymentWishShape, request), timezone.now()
        appointment = booking_of(request, body["booking_id"])

        def work() -> Response:
            payment, is_new = open_payment(
                appointment, gateway=body["gateway"], by=actor_of(request), at=at
            )
            return ok(PaymentShape(payment).data, status=201 if is_new else 200)

        return write(request, work)


class PaymentView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="get_payment",
        tags=TAGS,
        parameters=[OpenApiParameter("payment_id", str, OpenApiParameter.PATH)],
        responses=answers(PaymentShape),
    )
    def get(self, request: Request, payment_id: str) -> Response:
        """One's own, or one of a store that one manages."""
        rows = Payment.objects.visible_to(user_of(request))
        return ok(PaymentShape(payment_among(rows, payment_id)).data)
