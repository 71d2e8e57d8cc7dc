"""Courses: everybody finds them, teachers and stores write them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api.complaints import COURSE, said_of
from appointments.api.course_lookups import course_facts, course_of, course_wish, own_course_of
from appointments.api.course_shapes import (
    CourseChangeShape,
    CourseQueryShape,
    CourseShape,
    CourseWishShape,
)
from appointments.api.slot_rendering import courses_answer
from appointments.selectors.coming_sessions import with_sessions_between
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from realtors import services
from realtors.api.offering import edited, shown_as
from realtors.api.views.listings import ReadByAll
from realtors.models import Listing, ListingKind, ListingStatus, PriceUnit
from realtors.selectors import matching_listings

TAGS = ["courses"]
OF_COURSES = {"kind": ListingKind.COURSE, "price_unit": PriceUnit.SESSION}


class CoursesView(ReadByAll):
    @extend_schema(
        operation_id="list_courses",
        tags=TAGS,
        parameters=[CourseQueryShape, *PAGING],
        responses=answers(CourseShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Those that can be booked, the best first."""
        query, at = parsed_query(CourseQueryShape, request), timezone.now()
        mine = query.get("mine", False)
        rows = Listing.objects.run_by(request.user) if mine else Listing.objects.open_to_public()
        found = matching_listings(rows.with_people(), course_wish(request, query))
        found = with_sessions_between(
            found, first=query.get("dateFrom"), last=query.get("dateTo"), at=at
        )
        page = paginate(found.prefetch_related("pictures"), request.query_params)
        return listed(courses_answer(page.rows, at=at), page)

    @extend_schema(
        operation_id="create_course",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=CourseWishShape,
        responses=answers(CourseShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Shown to everybody at once, unless its `status` is draft. Pictures are added as those of
        any listing, under `/api/v1/listings`."""
        body, at, by = parsed(CourseWishShape, request), timezone.now(), actor_of(request)
        facts = course_facts(request, body)

        def work() -> Response:
            with said_of(COURSE):
                made = services.create_listing(**OF_COURSES, **facts, by=by, at=at)
                status = body.get("status", ListingStatus.PUBLISHED)
                made = shown_as(made, status, by=by, at=at)
            return created(courses_answer([made], at=at)[0])

        return write(request, work)


class CourseView(ReadByAll):
    @extend_schema(operation_id="course", tags=TAGS, responses=answers(CourseShape))
    def get(self, request: Request, course_id: str) -> Response:
        return ok(courses_answer([course_of(request, course_id)], at=timezone.now())[0])

    @extend_schema(
        operation_id="edit_course",
        tags=TAGS,
        request=CourseChangeShape,
        responses=answers(CourseShape),
    )
    def patch(self, request: Request, course_id: str) -> Response:
        """Only what is named changes. Prices concern bookings to come; teacher and institution stay
        while somebody has booked it, or a session is planned."""
        course = own_course_of(request, course_id)
        body = parsed(CourseChangeShape, request, partial=True)
        facts, by, at = course_facts(request, body), actor_of(request), timezone.now()

        def work() -> Response:
            with said_of(COURSE):
                changed = edited(course, facts, by=by, at=at)
                changed = shown_as(changed, body.get("status"), by=by, at=at)
            return ok(courses_answer([changed], at=at)[0])

        return write(request, work)
