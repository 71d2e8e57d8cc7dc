"""The API of payments, as an app uses it."""

import json
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from appointments.models import Appointment, Session, Status
from payments.models import GatewayNotice, Payment
from tests.payments import money

PAYMENTS = "/api/v1/payments"
CALLBACK = "/api/v1/payments/callback/sandbox"


@pytest.fixture
def app(fang: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(fang)
    return client


def asked(app: APIClient, booking: Appointment, **more: Any) -> Any:
    return app.post(
        PAYMENTS, {"booking_id": str(booking.pk), "gateway": "sandbox"} | more, format="json"
    )


def test_a_payment_is_opened_and_found_again(app: APIClient, seat: Appointment):
    first, again = asked(app, seat), asked(app, seat)
    assert (first.status_code, again.status_code) == (201, 200)
    told = first.json()["data"]
    assert told["id"] == again.json()["data"]["id"]
    assert told["amount"] == 300.0
    assert (told["currency"], told["status"], told["gateway"]) == ("CNY", "open", "sandbox")
    assert told["booking_ids"] == [str(seat.pk)]
    assert told["pay_url"].endswith(f"/payments/{told['number']}/")
    assert told["expires_at"].startswith("2026-03-02T08:05:00+08:00")


@pytest.mark.parametrize("said", [{"amount": 1}, {"amount": "0.01", "currency": "VND"}])
def test_what_the_client_says_of_money_counts_for_nothing(
    app: APIClient, seat: Appointment, said: dict[str, Any]
):
    told = asked(app, seat, **said, due_now=1, price=1, status="paid").json()["data"]
    assert (told["amount"], told["currency"], told["status"]) == (300.0, "CNY", "open")
    assert Payment.objects.get().amount == Decimal("300.00")


def test_the_same_key_gives_the_same_answer(app: APIClient, seat: Appointment):
    body = {"booking_id": seat.pk, "gateway": "sandbox"}
    first = app.post(PAYMENTS, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    again = app.post(PAYMENTS, body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_where_nothing_is_due_it_is_409(app: APIClient, seat: Appointment):
    money.pay(money.opened(seat))
    answer = asked(app, seat)
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


def test_when_the_time_is_over_it_is_409(app: APIClient, seat: Appointment):
    Appointment.objects.filter(pk=seat.pk).update(pay_before=money.NOW)
    answer = asked(app, seat)
    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")


def test_an_unknown_gateway_is_refused_by_its_field(app: APIClient, seat: Appointment):
    answer = app.post(PAYMENTS, {"booking_id": seat.pk, "gateway": "gold"}, format="json")
    assert answer.status_code == 400
    assert "gateway" in answer.json()["errors"]


def test_ones_payments_are_listed(app: APIClient, seat: Appointment):
    payment = money.pay(money.opened(seat))
    told = app.get(PAYMENTS, {"booking_id": seat.pk, "status": "paid"}).json()
    assert [one["id"] for one in told["data"]] == [str(payment.pk)]
    assert told["pagination"]["total"] == 1
    assert told["data"][0]["pay_url"] is None
    one = app.get(f"{PAYMENTS}/{payment.pk}").json()["data"]
    assert (one["status"], one["refunded"]) == ("paid", 0.0)


def test_a_callback_comes_in_over_http(seat: Appointment):
    payment = money.pay(money.opened(seat), heard=False)
    headers, body = money.event(payment, "paid")
    answer = APIClient().generic(
        "POST",
        CALLBACK,
        body,
        content_type="application/json",
        HTTP_STRIPE_SIGNATURE=headers["stripe-signature"],
    )
    assert (answer.status_code, answer.json()) == (200, {"success": True, "data": None})
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_a_callback_that_is_not_signed_is_401(seat: Appointment):
    money.opened(seat)
    answer = APIClient().post(CALLBACK, {"id": "evt_1"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert not GatewayNotice.objects.get().accepted


def test_a_callback_of_nobody_is_404(db: None):
    for name in ("stripe", "nobody"):
        answer = APIClient().post(f"{PAYMENTS}/callback/{name}", {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_callback_too_large_is_not_read(db: None):
    answer = APIClient().generic("POST", CALLBACK, b"x" * 70_000)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not GatewayNotice.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"id":1}'])
def test_no_callback_is_a_500(db: None, body: bytes):
    answer = APIClient().generic("POST", CALLBACK, body, HTTP_STRIPE_SIGNATURE="t=x,v1=y,=,")
    assert answer.status_code == 401


def test_the_report_sums_up_what_was_paid(salsa: Session, seat: Appointment, fang: User, hua: Any):
    money.pay(money.opened(seat))
    client = APIClient()
    client.force_authenticate(hua.user)
    told = client.get(f"{PAYMENTS}/report", {"date_from": "2026-03-01"}).json()["data"]
    (row,) = told["rows"]
    assert (row["realtor_name"], row["paid"], row["commission"]) == ("Wei", 300.0, 30.0)
    assert (row["payout"], row["refunded"], row["fees_kept"]) == (270.0, 0.0, 0.0)
    assert json.dumps(row)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_that_no_clock_shows_have_no_money(seat: Appointment, hua: Any, day: str):
    client = APIClient()
    client.force_authenticate(hua.user)

    told = client.get(f"{PAYMENTS}/report", {"date_from": day, "date_to": day}).json()["data"]

    assert (told["date_from"], told["rows"]) == (day, [])


def test_days_of_the_report_are_the_stores(seat: Appointment, hua: Any):
    """Paid on Monday at eight in Shanghai, which is Monday at midnight in London."""
    money.pay(money.opened(seat))
    client = APIClient()
    client.force_authenticate(hua.user)

    def rows(first: str, last: str) -> int:
        query = {"date_from": first, "date_to": last}
        return len(client.get(f"{PAYMENTS}/report", query).json()["data"]["rows"])

    assert (rows("2026-03-02", "2026-03-02"), rows("2026-03-01", "2026-03-01")) == (1, 0)
    assert rows("2026-03-03", "2026-03-31") == 0
