"""What one was told, and having read it."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, listed, ok, refusals
from booking_site.common.api.inputs import parsed, parsed_query, row_id
from booking_site.common.api.parameters import PAGING
from booking_site.common.api.writing import write
from booking_site.common.pagination import paginate
from notifications import services
from notifications.api.notification_shapes import (
    NotificationQueryShape,
    NotificationsAnswer,
    NotificationShape,
    ReadAllWishShape,
    StandingShape,
)
from notifications.models import NotificationQuerySet
from notifications.selectors.reading import notifications_of, standing_of

TAGS = ["notifications"]


class NotificationsView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="list_notifications",
        tags=TAGS,
        parameters=[NotificationQueryShape, *PAGING],
        responses={200: NotificationsAnswer, **refusals()},
    )
    def get(self, request: Request) -> Response:
        """One's own, the newest first. With `after` those above this number, the oldest first: how
        a client without a socket catches up, page after page, until a page is not full. `u` is the
        position of the stream from which a socket goes on (`resume`)."""
        query, user = parsed_query(NotificationQueryShape, request), user_of(request)
        # First: what comes in between is then told twice rather than never.
        standing = standing_of(user)
        page = paginate(_wanted(notifications_of(user), query), request.query_params)
        answer = listed(NotificationShape(page.rows, many=True).data, page)
        answer.data |= {"u": standing.u, "unread": standing.unread}
        return answer


class ReadView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="read_notification",
        tags=TAGS,
        request=None,
        responses=answers(NotificationShape),
    )
    def post(self, request: Request, notification_id: str) -> Response:
        """Mark one as read; on the caller's other devices, too. Twice is once."""
        user, u, at = user_of(request), row_id(notification_id), timezone.now()
        return write(
            request, lambda: ok(NotificationShape(services.mark_read(user, u, at=at)).data)
        )


class ReadAllView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="read_all_notifications",
        tags=TAGS,
        request=ReadAllWishShape,
        responses=answers(StandingShape),
    )
    def post(self, request: Request) -> Response:
        """Mark all up to the number `up_to` as read, or all that there are. What came since the
        caller looked is best left unread: name the highest number that was shown."""
        user, wish, at = user_of(request), parsed(ReadAllWishShape, request), timezone.now()

        def work() -> Response:
            named = wish.get("up_to")
            up_to = standing_of(user).u if named is None else named
            count = services.mark_all_read(user, up_to=up_to, at=at)
            return ok(StandingShape({"read": count, **vars(standing_of(user))}).data)

        return write(request, work)


def _wanted(rows: NotificationQuerySet, query: dict) -> NotificationQuerySet:
    if query.get("unread"):
        rows = rows.unread()
    if "after" in query:
        rows = rows.filter(u__gt=query["after"]).order_by("u")
    return rows
