"""The caller's own profile."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.api.callers import user_of
from accounts.api.parsers import PICTURE_PARSERS, uploaded_picture
from accounts.api.shapes import LeaveShape, MeChangeShape, MeShape
from accounts.gateways.confirmation import ask_to_confirm, tell_old_address
from accounts.gateways.pictures import avatar_from
from booking_site.common.api.envelope import answers, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.callers import actor_of, address_of
from booking_site.common.transactions import run_in_transaction

TAGS = ["me"]
PICTURE = {
    "image/*": OpenApiTypes.BINARY,
    "multipart/form-data": {
        "type": "object",
        "properties": {"avatar": {"type": "string", "format": "binary"}},
    },
}


class MeView(APIView):
    @extend_schema(operation_id="me", tags=TAGS, responses=answers(MeShape))
    def get(self, request: Request) -> Response:
        return ok(MeShape(user_of(request)).data)

    @extend_schema(
        operation_id="change_me", tags=TAGS, request=MeChangeShape, responses=answers(MeShape)
    )
    def patch(self, request: Request) -> Response:
        """Only what is named changes. A new e-mail address needs the password."""
        user, changes = user_of(request), parsed(MeChangeShape, request)
        password = changes.pop("password", "")
        new_address = services.needs_password(user, changes)
        if new_address:
            _prove(request, password)
        services.count_new_names(user, changes, address=address_of(request), at=timezone.now())
        changed = run_in_transaction(
            lambda: services.change_profile(
                user, changes=changes, by=actor_of(request), at=timezone.now()
            )
        )
        if new_address:
            ask_to_confirm(changed.pk, request._request, signup=False)
        tell_old_address(changed, user.email, request._request)
        return ok(MeShape(changed).data)

    @extend_schema(operation_id="leave", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request) -> Response:
        """Erase the account. The body carries ``password``, unless none was ever set. 409
        `conflict` while a sitter has their pets, a service they ordered is being done, or a
        request to call an order off is not settled."""
        user, password = user_of(request), parsed(LeaveShape, request)["password"]
        if user.has_usable_password():
            _prove(request, password)
        run_in_transaction(
            lambda: services.erase_account(user, by=actor_of(request), at=timezone.now())
        )
        return Response(status=204)


class AvatarView(APIView):
    parser_classes = PICTURE_PARSERS

    @extend_schema(
        operation_id="set_avatar", tags=TAGS, request=PICTURE, responses=answers(MeShape)
    )
    def put(self, request: Request) -> Response:
        """A JPEG, PNG or WebP picture of at most 10 MB and 24 million pixels."""
        jpeg = avatar_from(uploaded_picture(request))
        user = run_in_transaction(
            lambda: services.set_avatar(
                user_of(request), jpeg=jpeg, by=actor_of(request), at=timezone.now()
            )
        )
        return ok(MeShape(user).data)

    @extend_schema(operation_id="remove_avatar", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request) -> Response:
        run_in_transaction(
            lambda: services.remove_avatar(
                user_of(request), by=actor_of(request), at=timezone.now()
            )
        )
        return Response(status=204)


def _prove(request: Request, password: str) -> None:
    services.confirm_password(
        user_of(request),
        password=password,
        address=address_of(request),
        at=timezone.now(),
    )
