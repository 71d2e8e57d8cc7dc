"""What the six-digit code opens: alone the outline, with proof the whole appointment."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import services
from appointments.api.inputs import CancelShape, ProofShape, RescheduleShape, wanted_start
from appointments.api.lookups import Opened, opened
from appointments.api.shapes import (
    AppointmentOrOutline,
    AppointmentShape,
    EntryShape,
    OutlineShape,
    full,
    outline,
)
from appointments.permissions import require_party
from appointments.selectors.calendar import calendar_file
from booking_site.common.api.envelope import answers, listed, ok, refusals
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.negotiation import WhateverIsAccepted
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import write
from booking_site.common.pagination import paginate

TAGS = ["appointments"]
EITHER = inline_serializer(
    name="AppointmentOrOutlineAnswer",
    fields={
        "success": serializers.BooleanField(),
        "data": AppointmentOrOutline(
            component_name="AppointmentOrOutline",
            serializers=[AppointmentShape, OutlineShape],
            resource_type_field_name=None,
        ),
    },
)


class ByCodeView(APIView):
    """What a code opens stays with the one who asked."""

    permission_classes = [AllowAny]

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        answer["Referrer-Policy"] = "no-referrer"
        return answer


class AppointmentView(ByCodeView):
    @extend_schema(
        operation_id="appointment",
        tags=TAGS,
        parameters=[ProofShape],
        responses=refusals() | {200: EITHER},
    )
    def get(self, request: Request, code: str) -> Response:
        """With the code alone only code, status, times, store, realtor and place in line; all of
        it for the owner, the realtor, staff, and a guest with `phone_last4`."""
        digits = parsed_query(ProofShape, request).get("phone_last4")
        found = opened(request, code, digits, at=timezone.now())
        return ok(full(found.appointment) if found.known else outline(found.appointment))


class CancelView(ByCodeView):
    @extend_schema(
        operation_id="cancel_appointment",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=CancelShape,
        responses=answers(AppointmentShape),
    )
    def post(self, request: Request, code: str) -> Response:
        body, at = parsed(CancelShape, request), timezone.now()
        found = opened(request, code, body.get("phone_last4"), at=at)

        def work() -> Response:
            reason = body.get("reason") or ""
            services.cancel(found.appointment, by=found.by, at=at, reason=reason)
            return ok(full(found.appointment))

        return write(request, work)


class RescheduleView(ByCodeView):
    @extend_schema(
        operation_id="reschedule_appointment",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=RescheduleShape,
        responses=answers(AppointmentShape),
    )
    def post(self, request: Request, code: str) -> Response:
        """To another start of the same length; code and place in line are kept. A stay moves to
        as many nights from `appointment_date` on, and needs no `start_time`."""
        body, at = parsed(RescheduleShape, request), timezone.now()
        found = opened(request, code, body.get("phone_last4"), at=at)
        move = _moved_to(found, body, at)

        def work() -> Response:
            move(by=found.by, at=at)
            return ok(full(found.appointment))

        return write(request, work)


def _moved_to(found: Opened, body: dict[str, Any], at: datetime) -> Callable[..., Any]:
    """The service that moves it there. Raises Invalid, TooSoon."""
    appointment, day = found.appointment, body.get("appointment_date")
    if appointment.is_stay and day is not None and body.get("starts_at") is None:
        return partial(services.move_stay, appointment, day)
    starts_at = wanted_start(body, appointment.store, at)
    return partial(services.reschedule, appointment, starts_at=starts_at)


class HistoryView(ByCodeView):
    @extend_schema(
        operation_id="appointment_history",
        tags=TAGS,
        parameters=[ProofShape, *PAGING],
        responses=answers(EntryShape, many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        """The operation log, oldest first."""
        digits = parsed_query(ProofShape, request).get("phone_last4")
        found = opened(request, code, digits, at=timezone.now())
        require_party(found.by, found.appointment)
        page = paginate(found.appointment.log.select_related("actor_user"), request.query_params)
        return listed(EntryShape(page.rows, many=True).data, page)


class CalendarView(ByCodeView):
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="appointment_calendar",
        tags=TAGS,
        parameters=[ProofShape],
        responses=refusals() | {(200, "text/calendar"): OpenApiTypes.STR},
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The same UID always; SEQUENCE rises when the time changes or it is cancelled. 404 for
        whoever stands in the live line: there is no time before it begins."""
        digits = parsed_query(ProofShape, request).get("phone_last4")
        found = opened(request, code, digits, at=timezone.now())
        file = calendar_file(found.appointment, with_person=found.known, with_address=found.known)
        disposition = f'attachment; filename="appointment-{code}.ics"'
        return HttpResponse(
            file,
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )
