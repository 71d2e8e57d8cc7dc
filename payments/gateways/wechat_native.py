"""WeChat Pay, API v3, Native: the page shows a code that the customer's WeChat reads. With WeChat
Pay's public key; its certificates would be fetched over the network while a callback waits."""

import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wechatpayv3 import WeChatPay, WeChatPayType

from payments.errors import BadSignature, GatewayDown, GatewayRefused, WrongReceiver
from payments.models import Payment, Refund
from payments.rules import TOLERANCE_SECONDS, from_minor_units, minor_units

from .base import Door, Gateway, Notice, Outcome, RefundOutcome, Reply, State, Way, booking_of

ZONE = ZoneInfo("Asia/Shanghai")
CURRENCY = "CNY"
SIGNED_BY = "Wechatpay-Serial"
SIGNED_AT = "Wechatpay-Timestamp"
SIGNED = (SIGNED_BY, SIGNED_AT, "Wechatpay-Nonce", "Wechatpay-Signature")
KIND = "Wechatpay-Signature-Type"
MOST_BYTES_OF_SUBJECT = 127
OUTCOMES = {
    "SUCCESS": Outcome.PAID,
    # Some or all of it has been refunded.
    "REFUND": Outcome.PAID,
    "NOTPAY": Outcome.OPEN,
    "USERPAYING": Outcome.OPEN,
    "PAYERROR": Outcome.FAILED,
    "CLOSED": Outcome.CLOSED,
    "REVOKED": Outcome.CLOSED,
}
REFUNDS = {
    "SUCCESS": RefundOutcome.DONE,
    "PROCESSING": RefundOutcome.PENDING,
    "CLOSED": RefundOutcome.FAILED,
    "ABNORMAL": RefundOutcome.FAILED,
}
NOT_THERE = 404


class WeChatNative(Gateway):
    name = "wechatpay"
    label = _("WeChat Pay")
    currencies = frozenset({CURRENCY})

    def __init__(self) -> None:
        self.client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=settings.WECHATPAY_MERCHANT_ID,
            private_key=settings.WECHATPAY_PRIVATE_KEY,
            cert_serial_no=settings.WECHATPAY_CERTIFICATE_SERIAL,
            appid=settings.WECHATPAY_APP_ID,
            apiv3_key=settings.WECHATPAY_API_V3_KEY,
            timeout=settings.PAYMENT_TIMEOUT,
            public_key=settings.WECHATPAY_PUBLIC_KEY,
            public_key_id=settings.WECHATPAY_PUBLIC_KEY_ID,
        )
        self.client._core._gate_way = settings.WECHATPAY_URL

    def open(self, payment: Payment, way: Way) -> Door:
        told = self._asked(
            lambda: self.client.pay(
                description=_within(payment.subject, MOST_BYTES_OF_SUBJECT),
                out_trade_no=payment.number,
                amount={"total": minor_units(payment.amount, CURRENCY), "currency": CURRENCY},
                time_expire=payment.expires_at.astimezone(ZONE).isoformat(timespec="seconds"),
                attach=booking_of(payment),
                notify_url=way.notify_url,
            )
        )
        return Door(qr=str((told or {}).get("code_url", "")))

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        event = self._opened(headers, body)
        told = event["resource"]
        if told.get("mchid") != settings.WECHATPAY_MERCHANT_ID:
            raise WrongReceiver
        is_refund = "out_refund_no" in told
        if not is_refund and told.get("appid") != settings.WECHATPAY_APP_ID:
            raise WrongReceiver
        amount = told.get("amount") or {}
        return Notice(
            event_id=str(event.get("id", "")),
            kind=str(event.get("event_type", "")),
            number=str(told.get("out_trade_no", "")),
            amount=_sum(amount),
            currency=str(amount.get("currency", "")),
            booking=str(told.get("attach", "")),
            refund_number=str(told.get("out_refund_no", "")),
        )

    def look_up(self, payment: Payment) -> State:
        told = self._asked(lambda: self.client.query(out_trade_no=payment.number))
        if told is None:
            return State(Outcome.OPEN)
        for name, wanted in (
            ("mchid", settings.WECHATPAY_MERCHANT_ID),
            ("appid", settings.WECHATPAY_APP_ID),
        ):
            if told.get(name) != wanted:
                raise WrongReceiver
        amount = told.get("amount") or {}
        return State(
            outcome=OUTCOMES.get(str(told.get("trade_state")), Outcome.OPEN),
            number=str(told.get("out_trade_no", "")),
            amount=_sum(amount),
            currency=str(amount.get("currency", "")),
            booking=str(told.get("attach", "")),
        )

    def close(self, payment: Payment) -> None:
        """Refused where it is paid already: then it is asked about again."""
        try:
            self._asked(lambda: self.client.close(out_trade_no=payment.number))
        except GatewayRefused:
            return

    def refund(self, refund: Refund) -> RefundOutcome:
        payment = refund.share.payment
        told = self._asked(
            lambda: self.client.refund(
                out_refund_no=refund.number,
                out_trade_no=payment.number,
                amount={
                    "refund": minor_units(refund.amount, CURRENCY),
                    "total": minor_units(payment.amount, CURRENCY),
                    "currency": CURRENCY,
                },
            )
        )
        return REFUNDS.get(str((told or {}).get("status")), RefundOutcome.PENDING)

    def look_up_refund(self, refund: Refund) -> RefundOutcome:
        told = self._asked(lambda: self.client.query_refund(out_refund_no=refund.number))
        if told is None:
            return RefundOutcome.UNKNOWN
        return REFUNDS.get(str(told.get("status")), RefundOutcome.PENDING)

    def reply(self, *, heard: bool) -> Reply:
        if heard:
            return Reply(200, json.dumps({"code": "SUCCESS"}), "application/json")
        return Reply(400, json.dumps({"code": "FAIL", "message": "refused"}), "application/json")

    def _opened(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The event with its decrypted resource. A key that we do not have is a forgery: the
        library would go and look for it."""
        given = {name: headers.get(name.lower(), "") for name in (*SIGNED, KIND)}
        if given[SIGNED_BY] != settings.WECHATPAY_PUBLIC_KEY_ID or not given[SIGNED_AT].isdecimal():
            raise BadSignature
        if abs(time.time() - int(given[SIGNED_AT])) > TOLERANCE_SECONDS:
            raise BadSignature
        try:
            event = self.client.callback(given, body)
        except Exception as error:
            raise BadSignature from error
        if not isinstance(event, dict) or not isinstance(event.get("resource"), dict):
            raise BadSignature
        return event

    def _asked(self, call: Callable[[], tuple[int, str | bytes]]) -> dict[str, Any] | None:
        """The signed answer, {} where it says nothing, None where there is no such order."""
        try:
            status, text = call()
            told = json.loads(text) if text else {}
        except Exception as error:
            raise GatewayDown from error
        if 200 <= status < 300 and isinstance(told, dict):
            return told
        if status == NOT_THERE:
            return None
        code = str(told.get("code", status)) if isinstance(told, dict) else str(status)
        if status >= 500 or status == 429:
            raise GatewayDown
        raise GatewayRefused(code)


def _sum(amount: Mapping[str, Any]) -> Decimal | None:
    total = amount.get("total")
    return from_minor_units(total, CURRENCY) if isinstance(total, int) else None


def _within(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")
