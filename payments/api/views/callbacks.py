"""Where gateways call."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from booking_site.common.api.envelope import ok, refusals
from booking_site.common.api.negotiation import WhateverIsAccepted
from booking_site.common.errors import Invalid, NotFound, Refusal
from payments.gateways import Reply, gateway_named
from payments.rules import LARGEST_NOTICE
from payments.services import receive


class CallbackView(APIView):
    """The signature is who they are. A gateway is not counted: it calls from a few addresses, as
    often as people pay."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="receive_payment_notice",
        tags=["payments"],
        auth=[],
        request={"*/*": OpenApiTypes.BINARY},
        responses={200: OpenApiResponse(description="Heard; it need not come again.")} | refusals(),
    )
    def post(self, request: Request, gateway: str) -> HttpResponseBase:
        """A signed notice of a payment gateway, at most 64 kB, in the gateway's own form. It is a
        hint only: the gateway is asked how the payment stands. 401 `bad_signature` also for one
        that is older than five minutes; 400 where it does not match our records. Alipay and WeChat
        Pay are answered in the form that they ask for."""
        body = request._request.read(LARGEST_NOTICE + 1)
        if len(body) > LARGEST_NOTICE:
            raise Invalid(errors={"body": [_("Too large.")]})
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            reply = receive(gateway, headers, body, at=timezone.now())
        except NotFound:
            raise
        except Refusal as refusal:
            unheard = gateway_named(gateway).reply(heard=False)
            if unheard is None:
                raise
            return _replied(unheard, refusal.status)
        return ok(None) if reply is None else _replied(reply, reply.status)


def _replied(reply: Reply, status: int) -> HttpResponse:
    return HttpResponse(reply.body, status=status, content_type=reply.content_type)
