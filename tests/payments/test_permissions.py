"""Whose money it is."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from appointments.errors import ProofRequired
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from payments import services
from payments.models import Refund
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import StoreFactory, manager_of
from tests.payments import money

PAYMENTS = "/api/v1/payments"


def app_of(user: User | None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def pages(code: str | None) -> list[str]:
    return [reverse(f"payments:{name}", args=[code]) for name in ("checkout", "paid")]


def test_nobody_pays_for_somebody_else(seat: Appointment, bo: User):
    with pytest.raises(Forbidden):
        services.open_payment(seat, gateway="sandbox", by=Actor.of(bo), at=money.NOW)
    with pytest.raises(ProofRequired):
        services.open_payment(seat, gateway="sandbox", by=Actor.guest(), at=money.NOW)


def test_its_teacher_does_not_open_a_payment(seat: Appointment, wei: Realtor):
    with pytest.raises(Forbidden):
        services.open_payment(seat, gateway="sandbox", by=world.acting(wei), at=money.NOW)


def test_the_manager_may(seat: Appointment, hua: Actor):
    payment, _is_new = services.open_payment(seat, gateway="sandbox", by=hua, at=money.NOW)
    assert payment.user == seat.user


def test_without_an_account_the_api_is_closed(seat: Appointment):
    payment = money.opened(seat)
    client = APIClient()
    for answer in (
        client.get(PAYMENTS),
        client.post(PAYMENTS, {}, format="json"),
        client.get(f"{PAYMENTS}/{payment.pk}"),
        client.get(f"{PAYMENTS}/report"),
    ):
        assert answer.status_code == 401


def test_what_is_not_yours_is_not_there(seat: Appointment, bo: User):
    payment = money.opened(seat)
    app = app_of(bo)
    assert app.get(f"{PAYMENTS}/{payment.pk}").status_code == 404
    assert app.get(f"{PAYMENTS}/999999").status_code == 404
    body = {"booking_id": seat.pk, "gateway": "sandbox"}
    assert app.post(PAYMENTS, body, format="json").status_code == 404
    assert app.get(PAYMENTS).json()["data"] == []


def test_a_manager_sees_the_payments_of_their_stores_only(seat: Appointment, hua: Actor):
    payment = money.opened(seat)
    stranger = manager_of(StoreFactory())
    assert app_of(hua.user).get(f"{PAYMENTS}/{payment.pk}").status_code == 200
    assert app_of(stranger).get(f"{PAYMENTS}/{payment.pk}").status_code == 404


def test_the_report_is_for_who_has_money_to_see(
    seat: Appointment, store: Store, wei: Realtor, bo: User, hua: Actor
):
    money.pay(money.opened(seat))
    ming = world.hire(store, "Ming")

    def rows(user: User | None) -> int | list[Any]:
        answer = app_of(user).get(f"{PAYMENTS}/report")
        return len(answer.json()["data"]["rows"]) if answer.status_code == 200 else 403

    assert (rows(bo), rows(hua.user), rows(wei.user), rows(ming.user)) == (403, 1, 1, 0)
    stranger = manager_of(StoreFactory())
    assert rows(stranger) == 0
    asked = app_of(stranger).get(f"{PAYMENTS}/report", {"store_id": store.pk})
    assert asked.status_code == 404


@pytest.mark.parametrize("who", ["bo", "wei", "hua"])
def test_pages_of_paying_are_the_customers_own(
    seat: Appointment, who: str, request: pytest.FixtureRequest, client: Client
):
    person = request.getfixturevalue(who)
    client.force_login(getattr(person, "user", None) or person)
    for page in pages(seat.code):
        assert client.get(page).status_code == 404


def test_who_is_not_signed_in_is_asked_to(seat: Appointment, client: Client):
    for page in pages(seat.code):
        assert client.get(page).status_code == 302


def test_the_sandbox_is_there_only_where_it_is_in_use(
    seat: Appointment, client: Client, settings: Any
):
    page = reverse("payments:sandbox", args=[money.opened(seat).number])
    assert client.get(page).status_code == 200
    settings.PAYMENT_GATEWAYS = []
    assert client.get(page).status_code == 404
    assert client.post(page, {"press": "pay"}).status_code == 404


def test_only_staff_of_the_store_give_money_back(
    seat: Appointment, fang: User, wei: Realtor, hua: Actor
):
    money.pay(money.opened(seat))
    share = money.share_of(seat)

    def give(by: Actor) -> Refund:
        return services.refund_by_staff(
            share, amount=Decimal(10), reason="Sorry", by=by, at=money.NOW
        )

    stranger = Actor.of(manager_of(StoreFactory()))
    for by in (Actor.of(fang), world.acting(wei), stranger, Actor.guest()):
        with pytest.raises(Forbidden):
            give(by)
    assert give(hua).amount == Decimal(10)
