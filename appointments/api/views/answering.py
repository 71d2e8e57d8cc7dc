"""The realtor's answer, and the appointment itself: realtor and staff only, by numeric id."""

from collections.abc import Callable

from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import services
from appointments.api.inputs import AnswerShape, DeclineShape
from appointments.api.lookups import put_before
from appointments.api.shapes import AppointmentShape, full
from appointments.api.steps import steps_of
from appointments.models import Appointment
from booking_site.common.api.envelope import ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of

TAGS = ["appointments"]
Verb = Callable[..., Appointment]
described = steps_of(TAGS, AppointmentShape, asks=AnswerShape)


class AcceptView(APIView):
    permission_classes = [IsAuthenticated]

    @described("accept_appointment")
    @idempotent
    def post(self, request: Request, appointment_id: str) -> Response:
        """409 `already_taken` when it has gone to somebody else meanwhile."""
        body, at = parsed(AnswerShape, request), timezone.now()
        appointment, realtor = put_before(request, appointment_id, body.get("realtor_id"))

        def work() -> Response:
            by = actor_of(request)
            return ok(full(services.accept(appointment, by=by, at=at, realtor=realtor)))

        return write(request, work)


class DeclineView(APIView):
    permission_classes = [IsAuthenticated]

    @described("decline_appointment", request=DeclineShape)
    @idempotent
    def post(self, request: Request, appointment_id: str) -> Response:
        """It goes to the next best realtor, or is cancelled if the customer wanted this one."""
        body, at = parsed(DeclineShape, request), timezone.now()
        appointment, realtor = put_before(request, appointment_id, body.get("realtor_id"))

        def work() -> Response:
            by, reason = actor_of(request), body.get("reason") or ""
            services.decline(appointment, by=by, at=at, reason=reason, realtor=realtor)
            return ok(full(appointment))

        return write(request, work)


class StartView(APIView):
    permission_classes = [IsAuthenticated]

    @described("start_appointment")
    @idempotent
    def post(self, request: Request, appointment_id: str) -> Response:
        """From 15 minutes before its start."""
        return _carry_out(services.start, request, appointment_id)


class CompleteView(APIView):
    permission_classes = [IsAuthenticated]

    @described("complete_appointment")
    @idempotent
    def post(self, request: Request, appointment_id: str) -> Response:
        """What is left of its time is free again at once."""
        return _carry_out(services.complete, request, appointment_id)


class NoShowView(APIView):
    permission_classes = [IsAuthenticated]

    @described("mark_no_show")
    @idempotent
    def post(self, request: Request, appointment_id: str) -> Response:
        """Not before its start."""
        return _carry_out(services.mark_no_show, request, appointment_id)


def _carry_out(verb: Verb, request: Request, appointment_id: str) -> Response:
    body, at = parsed(AnswerShape, request), timezone.now()
    appointment, _realtor = put_before(request, appointment_id, body.get("realtor_id"))
    return write(request, lambda: ok(full(verb(appointment, by=actor_of(request), at=at))))
