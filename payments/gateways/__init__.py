"""The gateways that PAYMENT_GATEWAYS names. A library is imported when its gateway is first used:
the others cost no memory."""

from functools import cache
from importlib import import_module

from django.conf import settings

from booking_site.common.errors import NotFound

from .base import (
    Door,
    Gateway,
    Notice,
    Outcome,
    RefundOutcome,
    Reply,
    State,
    Way,
    booking_of,
)

__all__ = [
    "GATEWAYS",
    "Door",
    "Gateway",
    "Notice",
    "Outcome",
    "RefundOutcome",
    "Reply",
    "State",
    "Way",
    "booking_of",
    "gateway_named",
    "offered_for",
]

GATEWAYS = {
    "sandbox": "payments.gateways.sandbox.Sandbox",
    "stripe": "payments.gateways.stripe_checkout.StripeCheckout",
    "alipay": "payments.gateways.alipay_trade.AlipayTrade",
    "wechatpay": "payments.gateways.wechat_native.WeChatNative",
}


def gateway_named(name: str) -> Gateway:
    """One of those in use. Raises NotFound."""
    if name not in settings.PAYMENT_GATEWAYS or name not in GATEWAYS:
        raise NotFound
    gateway: Gateway = _class_of(name)()
    return gateway


def offered_for(currency: str) -> list[Gateway]:
    """With which something in this currency can be paid, in the order of the setting."""
    found = [gateway_named(name) for name in settings.PAYMENT_GATEWAYS]
    return [one for one in found if one.takes(currency)]


@cache
def _class_of(name: str) -> type[Gateway]:
    module, kind = GATEWAYS[name].rsplit(".", 1)
    found: type[Gateway] = getattr(import_module(module), kind)
    return found
