"""Alipay: the page of a computer or of a phone, and its asynchronous notifications (RSA2)."""

from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay
from alipay.utils import AliPayConfig
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.errors import BadSignature, GatewayDown, GatewayRefused, WrongReceiver
from payments.models import Payment, Refund
from payments.rules import TOLERANCE_SECONDS

from .base import Door, Gateway, Notice, Outcome, RefundOutcome, Reply, State, Way, booking_of

# Alipay's clock is on the wall in Hangzhou, whatever zone the server is in.
ZONE = ZoneInfo("Asia/Shanghai")
CLOCK = "%Y-%m-%d %H:%M:%S"
CURRENCY = "CNY"
GOOD, NO_SUCH_TRADE = "10000", "ACQ.TRADE_NOT_EXIST"
BUSY = ("20000", "ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR")
OUTCOMES = {
    "WAIT_BUYER_PAY": Outcome.OPEN,
    "TRADE_SUCCESS": Outcome.PAID,
    "TRADE_FINISHED": Outcome.PAID,
    "TRADE_CLOSED": Outcome.CLOSED,
}


class AlipayTrade(Gateway):
    name = "alipay"
    label = _("Alipay")
    currencies = frozenset({CURRENCY})

    def __init__(self) -> None:
        self.client = _Client(
            appid=settings.ALIPAY_APP_ID,
            app_private_key_string=_pem(settings.ALIPAY_PRIVATE_KEY, "RSA PRIVATE KEY"),
            alipay_public_key_string=_pem(settings.ALIPAY_PUBLIC_KEY, "PUBLIC KEY"),
            sign_type="RSA2",
            config=AliPayConfig(timeout=settings.PAYMENT_TIMEOUT),
        )
        self.client._gateway = settings.ALIPAY_URL

    def open(self, payment: Payment, way: Way) -> Door:
        """An address that carries the signed order: Alipay hears of it when the customer comes."""
        pay = (
            self.client.api_alipay_trade_wap_pay
            if way.small_screen
            else self.client.api_alipay_trade_page_pay
        )
        query = pay(
            subject=payment.subject,
            out_trade_no=payment.number,
            total_amount=str(payment.amount),
            return_url=way.return_url,
            notify_url=way.notify_url,
            time_expire=payment.expires_at.astimezone(ZONE).strftime(CLOCK),
            passback_params=booking_of(payment),
        )
        return Door(url=f"{settings.ALIPAY_URL}?{query}")

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        told = _fields_of(body)
        signature = told.pop("sign", "")
        if told.get("sign_type") != "RSA2" or not self._is_signed(dict(told), signature):
            raise BadSignature
        _require_recent(told.get("notify_time", ""))
        if told.get("app_id") != settings.ALIPAY_APP_ID:
            raise WrongReceiver
        # That of a refund says what was refunded, and the total of the trade beside it.
        return Notice(
            event_id=told.get("notify_id", ""),
            kind=told.get("trade_status", "") or told.get("notify_type", ""),
            number=told.get("out_trade_no", ""),
            amount=_sum(told.get("total_amount")),
            currency=CURRENCY,
            booking=told.get("passback_params", ""),
            refund_number=_ours(told.get("out_biz_no", "")),
        )

    def look_up(self, payment: Payment) -> State:
        told = self._asked(lambda: self.client.api_alipay_trade_query(payment.number))
        if told.get("sub_code") == NO_SUCH_TRADE:
            # Nobody has come to its page yet.
            return State(Outcome.OPEN)
        _require_good(told)
        outcome = OUTCOMES.get(str(told.get("trade_status")), Outcome.OPEN)
        if outcome == Outcome.CLOSED and told.get("send_pay_date"):
            # Paid once, and all of it refunded.
            outcome = Outcome.PAID
        return State(
            outcome=outcome,
            number=str(told.get("out_trade_no", "")),
            amount=_sum(told.get("total_amount")),
            currency=CURRENCY,
        )

    def close(self, payment: Payment) -> None:
        """A trade that nobody has come for is none; one that is paid is asked about again."""
        self._asked(lambda: self.client.api_alipay_trade_close(payment.number))

    def refund(self, refund: Refund) -> RefundOutcome:
        told = self._asked(
            lambda: self.client.api_alipay_trade_refund(
                str(refund.amount),
                out_trade_no=refund.share.payment.number,
                out_request_no=refund.number,
            )
        )
        _require_good(told)
        # "N" where the same request was answered before.
        return RefundOutcome.DONE if told.get("fund_change") == "Y" else RefundOutcome.PENDING

    def look_up_refund(self, refund: Refund) -> RefundOutcome:
        told = self._asked(
            lambda: self.client.api_alipay_trade_fastpay_refund_query(
                refund.number, out_trade_no=refund.share.payment.number
            )
        )
        if told.get("code") != GOOD:
            return RefundOutcome.UNKNOWN
        arrived = told.get("refund_status") == "REFUND_SUCCESS"
        return RefundOutcome.DONE if arrived else RefundOutcome.PENDING

    def reply(self, *, heard: bool) -> Reply:
        return Reply(200 if heard else 400, "success" if heard else "failure", "text/plain")

    def _is_signed(self, told: dict[str, str], signature: str) -> bool:
        try:
            return bool(self.client.verify(told, signature))
        except (NotBase64, ValueError, TypeError):
            return False

    def _asked(self, call: Callable[[], Any]) -> dict[str, Any]:
        """The signed answer. Whatever the library raises says that there was none."""
        try:
            told = call()
        except Exception as error:
            raise GatewayDown from error
        if not isinstance(told, dict):
            raise GatewayDown
        return told


class _Client(AliPay):
    def build_body(self, method: str, biz_content: Any = None, **options: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().build_body(method, biz_content, **options)
        return data | {"timestamp": timezone.now().astimezone(ZONE).strftime(CLOCK)}


def _fields_of(body: bytes) -> dict[str, str]:
    """Of the form. One that names a field twice could be read in two ways."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        raise BadSignature from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadSignature
    return fields


def _require_recent(text: str) -> None:
    try:
        moment = datetime.strptime(text, CLOCK).replace(tzinfo=ZONE)
    except ValueError as error:
        raise BadSignature from error
    if abs(timezone.now() - moment) > timedelta(seconds=TOLERANCE_SECONDS):
        raise BadSignature


def _require_good(told: dict[str, Any]) -> None:
    if told.get("code") == GOOD:
        return
    if told.get("code") in BUSY or told.get("sub_code") in BUSY:
        raise GatewayDown
    raise GatewayRefused(str(told.get("sub_code") or told.get("code")))


def _sum(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text)) if text else None
    except InvalidOperation:
        return None


def _ours(number: str) -> str:
    return number if number.isalnum() else ""


def _pem(key: str, kind: str) -> str:
    """Alipay's console hands keys out without their first and last lines."""
    if "-----BEGIN" in key:
        return key
    return f"-----BEGIN {kind}-----\n{key}\n-----END {kind}-----"
