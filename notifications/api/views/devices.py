"""The apps on which one wants pushes."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import user_of
from booking_site.common.api.envelope import answers, created, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.writing import write
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from notifications import services
from notifications.api.notification_shapes import DeviceShape, DeviceWishShape, TokenShape
from notifications.models import LONGEST_TOKEN

TAGS = ["me"]
TOKEN = OpenApiParameter(
    "token",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_TOKEN},
    description="Here, or as `token` of a JSON body.",
)


class DevicesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="register_device",
        tags=TAGS,
        request=DeviceWishShape,
        responses={**answers(DeviceShape), **answers(DeviceShape, status=201)},
    )
    def post(self, request: Request) -> Response:
        """Under the token that the push service has given the app; at every start of it, so that we
        know that it is still there. 201 for a new one, 200 for one that is known. A token that was
        another account's is this one's from now on. Of more than 20 the oldest goes."""
        user, wish, at = user_of(request), parsed(DeviceWishShape, request), timezone.now()

        def work() -> Response:
            device = services.register_device(user, **wish, by=actor_of(request), at=at)
            data = DeviceShape(device).data
            return created(data) if device.created_at == at else ok(data)

        return write(request, work)

    @extend_schema(
        operation_id="remove_device",
        tags=TAGS,
        parameters=[TOKEN],
        responses=answers(status=204),
    )
    def delete(self, request: Request) -> Response:
        """No more pushes there; for an app that signs out. 204 also for a token that is not known
        or is somebody else's."""
        read = parsed_query if "token" in request.query_params else parsed
        user, token = user_of(request), read(TokenShape, request)["token"]
        run_in_transaction(lambda: services.remove_device(user, token=token, by=actor_of(request)))
        return Response(status=204)
