"""By which way one wants to hear of what."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.writing import write
from booking_site.common.callers import actor_of
from notifications import services
from notifications.api.notification_shapes import PreferencesShape
from notifications.selectors.wishes import matrix_of

TAGS = ["notifications"]


class PreferencesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="notification_preferences", tags=TAGS, responses=answers(PreferencesShape)
    )
    def get(self, request: Request) -> Response:
        """Every kind of notification by every way to hear of it; all are wanted until somebody says
        otherwise. Webhooks are none of these ways: they are a store's, which chooses events for
        each of its endpoints. There are no e-mails of the kinds `queue_moved` and `system`."""
        return ok(matrix_of(user_of(request)))

    @extend_schema(
        operation_id="set_notification_preferences",
        tags=TAGS,
        request=PreferencesShape,
        responses=answers(PreferencesShape),
    )
    def put(self, request: Request) -> Response:
        """Only what is named changes: `{"created": {"email": false}}`. Announcements on the site
        (`system`, `in_app`) cannot be switched off: 400. Open pages still follow the appointments
        they show."""
        user, changes, by = user_of(request), parsed(PreferencesShape, request), actor_of(request)
        return write(request, lambda: ok(services.set_preferences(user, changes=changes, by=by)))
