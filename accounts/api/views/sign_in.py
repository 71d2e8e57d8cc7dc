"""Apps: joining, signing in, staying signed in, signing out."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.api.authentication import BearerAuthentication
from accounts.api.shapes import (
    MeShape,
    RefreshShape,
    RegistrationShape,
    SignInShape,
    SignOutShape,
    TokenShape,
)
from accounts.gateways.confirmation import ask_to_confirm
from booking_site.common.actors import Actor
from booking_site.common.api.envelope import answers, created, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import address_of
from booking_site.common.transactions import run_in_transaction

TAGS = ["auth"]


class PublicView(APIView):
    """Open to all. An old token that an app still sends must not keep it from a new one."""

    authentication_classes: Any = []
    permission_classes = [AllowAny]


class RegisterView(PublicView):
    @extend_schema(
        operation_id="register",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=RegistrationShape,
        responses=answers(MeShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Join as a customer or as a provider. From one network ten an hour, then 429."""
        facts = parsed(RegistrationShape, request)
        password = services.hash_password(facts.pop("password"), email=facts.get("email"))

        def work() -> Response:
            at = timezone.now()
            services.count_registration(address=address_of(request), at=at)
            user = services.register(
                **facts,
                password_hash=password,
                locale=get_language() or "",
                by=Actor.guest(),
                at=at,
            )
            return created(MeShape(user).data)

        answer = write(request, work)
        if "Idempotency-Replayed" not in answer:
            ask_to_confirm(int(answer.data["data"]["id"]), request._request, signup=True)
        return answer


class TokenView(PublicView):
    @extend_schema(
        operation_id="sign_in", tags=TAGS, request=SignInShape, responses=answers(TokenShape)
    )
    def post(self, request: Request) -> Response:
        """Sign an app in. Ten failures in 15 minutes per account and address, then 429."""
        at, address, facts = timezone.now(), address_of(request), parsed(SignInShape, request)
        code = facts.pop("second_factor", "")
        user = services.sign_in(**facts, address=address, at=at)
        services.prove_second_factor(user, code=code, address=address, at=at)
        pair = run_in_transaction(lambda: services.issue_tokens(user, by=Actor.of(user), at=at))
        return ok(asdict(pair))


class RefreshView(PublicView):
    @extend_schema(
        operation_id="refresh_tokens",
        tags=TAGS,
        request=RefreshShape,
        responses=answers(TokenShape),
    )
    def post(self, request: Request) -> Response:
        """A new pair for a refresh token, which works once. Using it again ends the sign-in."""
        return ok(asdict(services.rotate(**parsed(RefreshShape, request), at=timezone.now())))


class LogoutView(PublicView):
    @extend_schema(
        operation_id="sign_out",
        tags=TAGS,
        request=SignOutShape,
        responses=answers(status=204),
    )
    def post(self, request: Request) -> Response:
        """End this app's sign-in, access token included: that of the refresh token in the body, or
        else of the access token it calls with."""
        refresh, at = parsed(SignOutShape, request).get("refresh"), timezone.now()
        if refresh is not None:
            run_in_transaction(lambda: services.sign_out(refresh, at=at))
            return Response(status=204)
        caller = BearerAuthentication().authenticate(request)
        if caller is None:
            raise NotAuthenticated
        user, claims = caller
        run_in_transaction(lambda: services.revoke_family(user.pk, claims.family, at=at))
        return Response(status=204)

    def get_authenticate_header(self, request: Request) -> str:
        # Without one DRF would call it 403.
        return BearerAuthentication.scheme
