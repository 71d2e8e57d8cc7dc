"""The sessions of a course and of a teacher: shown to everybody, planned by whoever runs them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from appointments import services
from appointments.api.complaints import SLOT, said_of
from appointments.api.course_lookups import course_of, days_asked, own_course_of, own_slot_of
from appointments.api.slot_rendering import recurring_answer, slot_answer, slots_answer
from appointments.api.slot_shapes import (
    CourseSlotShape,
    CourseSlotsShape,
    RecurringSlotsShape,
    SlotChangeShape,
    SlotRangeShape,
    SlotWishShape,
    TeacherDayShape,
)
from appointments.api.slot_wishes import changed_times, figures, new_times
from appointments.models import Session
from appointments.selectors.sessions import between
from booking_site.common.api.envelope import answers, created, ok, refusals
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from realtors.api.lookups import realtor_of
from realtors.api.views.listings import ReadByAll
from realtors.models import Listing

TAGS = ["courses"]
ONE_OR_MANY = inline_serializer(
    name="PlannedSlotsAnswer",
    fields={
        "success": serializers.BooleanField(),
        "data": PolymorphicProxySerializer(
            component_name="PlannedSlots",
            serializers=[CourseSlotShape, RecurringSlotsShape],
            resource_type_field_name=None,
        ),
    },
)


class CourseSlotsView(ReadByAll):
    @extend_schema(
        operation_id="list_slots_of_course",
        tags=TAGS,
        parameters=[SlotRangeShape],
        responses=answers(CourseSlotsShape),
    )
    def get(self, request: Request, course_id: str) -> Response:
        """The earliest first, full and blocked ones too."""
        query, at = parsed_query(SlotRangeShape, request), timezone.now()
        course = course_of(request, course_id)
        first, last = days_asked(query, course.store, at)
        rows = Session.objects.visible_to(request.user).filter(listing=course)
        return ok({"slots": slots_answer(between(rows, course.store, first, last), at=at)})

    @extend_schema(
        operation_id="plan_slots",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=SlotWishShape,
        responses=refusals() | {201: ONE_OR_MANY},
    )
    @idempotent
    def post(self, request: Request, course_id: str) -> Response:
        """One session, or with `weekdays` those that recur. 409 `slot_taken` when the teacher has
        something else then; of those that recur such a date is skipped, and told."""
        body = parsed(SlotWishShape, request)
        course = own_course_of(request, course_id)
        plan = _plan_many if "weekdays" in body else _plan_one
        return write(request, lambda: created(plan(request, course, body)))


class SlotView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="change_slot",
        tags=TAGS,
        request=SlotChangeShape,
        responses=answers(CourseSlotShape),
    )
    def patch(self, request: Request, slot_id: str) -> Response:
        """Whoever runs the course. 409 `invalid_transition` for what takes place no more."""
        body, at, by = parsed(SlotChangeShape, request), timezone.now(), actor_of(request)
        slot = own_slot_of(request, slot_id)
        changes = changed_times(body, slot) | figures(body)

        def work() -> Response:
            with said_of(SLOT):
                if changes:
                    override = body["override"]
                    services.edit_session(slot, **changes, override=override, by=by, at=at)
                if "status" in body:
                    _STEPS[body["status"]](slot, body.get("reason", ""), by=by, at=at)
            return ok(slot_answer(slot, at=at))

        return write(request, work)


class TeacherSlotsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="list_slots_of_teacher",
        tags=TAGS,
        parameters=[TeacherDayShape],
        responses=answers(CourseSlotsShape),
    )
    def get(self, request: Request, teacher_id: str) -> Response:
        """Of all courses of this teacher that the caller may see, the earliest first."""
        day, at = parsed_query(TeacherDayShape, request).get("date"), timezone.now()
        teacher = realtor_of(request, teacher_id)
        first, last = days_asked({"dateFrom": day, "dateTo": day}, teacher.store, at)
        rows = Session.objects.visible_to(request.user).filter(realtor=teacher)
        return ok({"slots": slots_answer(between(rows, teacher.store, first, last), at=at)})


def _plan_one(request: Request, course: Listing, body: dict[str, Any]) -> dict[str, Any]:
    by, at = actor_of(request), timezone.now()
    facts = new_times(body, course.store) | figures(body)
    with said_of(SLOT):
        made = services.open_session(course, **facts, override=body["override"], by=by, at=at)
    return slot_answer(made, at=at)


def _plan_many(request: Request, course: Listing, body: dict[str, Any]) -> dict[str, Any]:
    by, at = actor_of(request), timezone.now()
    with said_of(SLOT):
        rule = services.add_rule(
            course,
            weekdays=body["weekdays"],
            starts=body["startTime"],
            first_date=body["dateFrom"],
            last_date=body.get("dateTo"),
            **figures(body),
            by=by,
            at=at,
        )
    return recurring_answer(rule, at=at)


Step = Callable[..., Session]
_STEPS: dict[str, Step] = {
    "available": lambda slot, reason, **who: services.unblock_session(slot, **who),
    "blocked": lambda slot, reason, **who: services.block_session(slot, reason=reason, **who),
    "completed": lambda slot, reason, **who: services.complete_session(slot, **who),
    "cancelled": lambda slot, reason, **who: services.call_off_session(slot, reason=reason, **who),
}
