"""One Idempotency-Key: one execution, however often it is repeated and whatever dies meanwhile."""

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from appointments.models import Appointment
from booking_site.common.models import IdempotencyRecord
from stores.models import Store
from tests.appointments.world import LAN, QIANG, hire, open_store, phones
from tests.callers import caller, data_of, refusal_of
from tests.factories import UserFactory
from tests.support.server import Server

from . import process
from .checker import faults
from .crowd import Answer, Press, at_once

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/appointment/appointments"
# As in `make races`.
IS_LONG = int(os.environ.get("RACE_OPERATIONS", "2000")) >= 20_000


@pytest.fixture
def store() -> Store:
    """Open round the clock, with three realtors."""
    store = open_store(opens="00:00", closes="00:00")
    for name in ("Wei", "Ming", "Yun"):
        hire(store, name)
    return store


def body_of(store: Store, *, hour: int = 1, phone: str = LAN, **more: Any) -> dict[str, Any]:
    start = (timezone.now() + timedelta(days=2)).replace(hour=hour, minute=0, second=0)
    return {
        "store_id": store.pk,
        "customer_name": "Lan",
        "customer_phone": phone,
        "starts_at": start.replace(microsecond=0).isoformat(),
        **more,
    }


def press(server: Server, key: str, body: dict[str, Any]) -> Press:
    return Press(f"{server.url}{PATH}", body, (("Idempotency-Key", key),))


def replayed(answers: list[Answer]) -> int:
    return sum(answer.headers.get("idempotency-replayed") == "true" for answer in answers)


def test_a_hundred_repetitions_at_once_book_once_and_hear_the_same(site: Server, store: Store):
    answers = at_once(press(site, "lan-1", body_of(store)) for _ in range(100))

    assert Counter(answer.status for answer in answers) == {201: 100}
    assert len({answer.body for answer in answers}) == 1
    assert replayed(answers) == 99
    assert Appointment.objects.count() == 1
    assert faults(timezone.now()) == []


def test_a_repetition_long_after_hears_the_same_whatever_became_of_it(site: Server, store: Store):
    body = body_of(store)
    first = at_once([press(site, "lan-1", body)])[0]
    code = first.data["appointment_code"]
    caller().post(f"appointments/{code}/cancel", {"phone_last4": LAN[-4:]})

    again = at_once([press(site, "lan-1", body)])[0]

    assert (again.body, again.headers["idempotency-replayed"]) == (first.body, "true")
    assert Appointment.objects.get().status == "cancelled"


def test_another_body_with_the_same_key_is_a_mistake_and_books_nothing(site: Server, store: Store):
    at_once([press(site, "lan-1", body_of(store))])

    answers = at_once(press(site, "lan-1", body_of(store, hour=hour)) for hour in (2, 3))

    assert [(answer.status, answer.json["code"]) for answer in answers] == [
        (409, "idempotency_mismatch")
    ] * 2
    assert Appointment.objects.count() == 1


def test_of_different_bodies_at_once_one_is_booked(site: Server, store: Store):
    answers = at_once(press(site, "lan-1", body_of(store, hour=n % 20)) for n in range(60))

    codes = Counter(answer.json.get("code", answer.status) for answer in answers)
    assert codes == {201: 3, "idempotency_mismatch": 57}
    assert Appointment.objects.count() == 1


def test_what_is_refused_is_not_remembered_and_breaks_nothing(site: Server, store: Store):
    """All wait for the first; when it is refused each has its own turn, and none gets stuck."""
    for phone in phones(3):
        at_once([press(site, f"taken-{phone}", body_of(store, phone=phone))])

    answers = at_once(press(site, "lan-1", body_of(store, queue=False)) for _ in range(100))

    assert Counter((answer.status, answer.json["code"]) for answer in answers) == {
        (409, "slot_taken"): 100
    }
    assert replayed(answers) == 0
    assert not IdempotencyRecord.objects.filter(key="lan-1").exists()


def test_after_a_refusal_the_same_key_is_a_new_attempt(store: Store):
    body = body_of(store, queue=False)
    made = [
        data_of(caller().post("appointments", body | {"customer_phone": phone}), 201)
        for phone in phones(3)
    ]
    refusal_of(caller().post("appointments", body, Idempotency_Key="lan-1"), 409, "slot_taken")

    caller().post(
        f"appointments/{made[0]['appointment_code']}/cancel",
        {"phone_last4": made[0]["customer_phone"][-4:]},
    )

    data_of(caller().post("appointments", body, Idempotency_Key="lan-1"), 201)


def test_people_with_accounts_have_keys_of_their_own(store: Store):
    fang, bo = UserFactory(phone="+8613800000007"), UserFactory(phone="+8613800000008")
    body = {key: value for key, value in body_of(store).items() if key != "customer_phone"}

    codes = {
        data_of(caller(user).post("appointments", body, Idempotency_Key="mine"), 201)[
            "appointment_code"
        ]
        for user in (fang, bo, fang)
    }

    assert len(codes) == 2
    assert Appointment.objects.count() == 2


def test_random_repetitions_never_book_twice(site: Server, store: Store):
    chance = random.Random(7)
    bodies = {
        f"key-{n}": body_of(store, hour=n % 24, phone=phone) for n, phone in enumerate(phones(40))
    }

    answers = at_once(press(site, key, bodies[key]) for key in chance.choices(list(bodies), k=300))

    assert Counter(answer.status for answer in answers) == {201: 300}
    used = {answer.data["customer_phone"] for answer in answers}
    assert Appointment.objects.count() == len(used)
    assert replayed(answers) == 300 - len(used)
    assert faults(timezone.now()) == []


# Killed in the middle


# To book takes some sixty statements: of those who die before one of them the last die at COMMIT.
KILLS = [("before_a_statement", 72), ("at_any_moment", 72 if IS_LONG else 12)]


@pytest.mark.parametrize(("how", "count"), KILLS)
def test_who_is_killed_in_the_middle_leaves_both_or_neither(store: Store, how: str, count: int):
    """Dozens of processes die while they book: each leaves the booking and the remembered
    answer, or nothing at all; nothing stays locked, and the next one with the key books once."""
    bodies = [body_of(store, hour=n % 24, phone=phone) for n, phone in enumerate(phones(count))]

    spared = body_of(store, phone=QIANG)

    (told,) = process.run("victims", [{"bodies": bodies, "how": how, "spared": spared}])

    both = neither = 0
    for number, body in enumerate(bodies):
        booked = Appointment.objects.filter(customer_phone=body["customer_phone"]).count()
        remembered = IdempotencyRecord.objects.filter(key=f"key-{number}")
        assert booked == remembered.count() <= 1, told[number]
        assert all(record.answer_body for record in remembered)
        both, neither = both + booked, neither + 1 - booked
    print(f"{both} had booked and {neither} had not when they were killed")
    if how == "before_a_statement":
        assert set(told) == {"killed"}
        assert min(both, neither) > 0
    assert faults(timezone.now()) == []

    for number, body in enumerate(bodies):
        data_of(caller().post("appointments", body, Idempotency_Key=f"key-{number}"), 201)
    assert Appointment.objects.exclude(customer_phone=QIANG).count() == len(bodies)
    assert faults(timezone.now()) == []
