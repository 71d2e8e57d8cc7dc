"""/api/v1/orders: services ordered, confirmed, done, paid, and called off by both sides."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments.models import Appointment, CancelRequest, Claim, Order
from appointments.services import decide_request
from booking_site.common.actors import Actor
from booking_site.common.places import Point
from chat.services import open_direct
from realtors.models import Listing
from tests.appointments.orders import agreed, order, paid, service
from tests.appointments.places import boarding, house
from tests.appointments.world import NOW, book, clock, open_store, register
from tests.callers import Caller, caller, data_of, refusal_of
from tests.factories import manager_of

ORDERS = "/api/v1/orders"
TEN = clock("10:00")
FIELDS = {
    *("id", "orderNumber", "appointmentCode", "status", "statusDisplay", "paymentStatus"),
    *("serviceId", "serviceDetails", "listedAmount", "totalAmount", "dueNow", "isProposal"),
    *("currency", "scheduledTime", "endTime", "completedTime", "payBefore", "customerAddress"),
    *("providerAddress", "notes", "conversationId", "cancelRequest", "cancelReason", "cancelFee"),
    *("provider", "customer", "createdAt", "updatedAt"),
}


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cleaning() -> Listing:
    """Lin's, in Shanghai: two hours for 200 yuan, as far as 20 km."""
    place = {"latitude": 31, "longitude": 121, "attributes": {"radius_km": 20}}
    return service(open_store(fee_steps=[[24 * 60, 50]]), **place)


@pytest.fixture
def customer() -> User:
    return register("Fang", phone="+8613800000009")


@pytest.fixture
def fang(customer: User) -> Caller:
    return caller(customer)


@pytest.fixture
def lin(cleaning: Listing) -> Caller:
    return caller(user_of(cleaning))


@pytest.fixture
def hua(cleaning: Listing) -> Caller:
    """Runs Lin's store."""
    return caller(manager_of(cleaning.store, display_name="Hua"))


@pytest.fixture
def bo() -> Caller:
    return caller(register("Bo"))


@pytest.fixture
def wish(cleaning: Listing) -> dict[str, Any]:
    return {
        "serviceId": str(cleaning.pk),
        "scheduledTime": "2026-03-02T10:00:00+08:00",
        "customerAddress": {"address": "Huaihai Road 1", "lat": 31.05, "lng": 121},
        "notes": "Two cats.",
    }


@pytest.fixture
def made(cleaning: Listing, customer: User) -> Appointment:
    return order(cleaning, customer, TEN)


@pytest.fixture
def bound(cleaning: Listing, customer: User) -> Appointment:
    return agreed(cleaning, customer, TEN)


def user_of(listing: Listing) -> User:
    assert listing.realtor is not None
    assert listing.realtor.user is not None
    return listing.realtor.user


def path_of(made: Appointment, step: str = "") -> str:
    return f"{ORDERS}/{made.pk}{step}"


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in data_of(answer)]


# Ordering


def test_where_its_customer_lives_is_said_to_nobody_who_only_has_the_code(fang, bo, lin, wish):
    fang.post(ORDERS, wish)
    code = Appointment.objects.get().code

    for who in (caller(), bo):
        file = who.get(f"appointments/{code}.ics").content.decode()
        assert "SUMMARY:Service: Cleaning" in file
        assert "Huaihai" not in file
        assert "GEO" not in file
    for who in (fang, lin):
        assert "Huaihai" in who.get(f"appointments/{code}.ics").content.decode()


def test_a_service_is_ordered(fang, customer, cleaning, wish):
    made = data_of(fang.post(ORDERS, wish), 201)

    assert set(made) == FIELDS
    assert made["orderNumber"] == Order.objects.get().number
    assert (made["serviceId"], made["serviceDetails"]["name"]) == (str(cleaning.pk), "Cleaning")
    assert (made["serviceDetails"]["price"], made["serviceDetails"]["priceUnit"]) == (200, "visit")
    assert (made["listedAmount"], made["totalAmount"], made["dueNow"]) == (200, 200, 200)
    assert (made["status"], made["paymentStatus"], made["isProposal"]) == (
        "pending",
        "not_required",
        False,
    )
    assert made["scheduledTime"] == "2026-03-02T10:00:00+08:00"
    assert (made["endTime"], made["completedTime"]) == ("2026-03-02T12:00:00+08:00", None)
    assert made["customerAddress"] == {"address": "Huaihai Road 1", "lat": 31.05, "lng": 121}
    assert (made["notes"], made["currency"]) == ("Two cats.", "CNY")
    assert (made["conversationId"], made["cancelRequest"]) == (None, None)
    assert made["provider"] == {"id": str(user_of(cleaning).pk), "displayName": "Lin"}
    assert made["customer"] == {"id": str(customer.pk), "displayName": "Fang"}
    assert data_of(fang.get(f"{ORDERS}/{made['id']}")) == made


def test_times_are_taken_as_documents_write_them(fang, wish):
    for time in ("2026-03-02 10:00:00", "2026-03-02T10:00", "2026-03-02T02:00Z"):
        made = data_of(fang.post(ORDERS, wish | {"scheduledTime": time}), 201)

        assert made["scheduledTime"] == "2026-03-02T10:00:00+08:00"
        data_of(fang.post(f"{ORDERS}/{made['id']}/cancel"))


def test_an_address_may_be_a_text_and_without_one_it_is_done_at_the_provider_s(fang, wish):
    said = data_of(fang.post(ORDERS, wish | {"customerAddress": "Huaihai Road 1"}), 201)
    later = {"scheduledTime": "2026-03-02 14:00", "customerAddress": None}
    unsaid = data_of(fang.post(ORDERS, wish | later), 201)

    assert said["customerAddress"] == {"address": "Huaihai Road 1", "lat": None, "lng": None}
    assert unsaid["customerAddress"] is None


def test_another_amount_is_a_proposal_that_binds_with_the_provider_s_yes(fang, lin, wish):
    made = data_of(fang.post(ORDERS, wish | {"totalAmount": 150.5}), 201)
    assert (made["listedAmount"], made["totalAmount"], made["isProposal"]) == (200, 150.5, True)

    bound = data_of(lin.post(f"{ORDERS}/{made['id']}/confirm"))

    assert (bound["totalAmount"], bound["dueNow"], bound["status"]) == (150.5, 150.5, "confirmed")
    assert bound["paymentStatus"] == "unpaid"


def test_what_nobody_has_to_approve_is_paid_first(fang, cleaning, wish):
    cleaning.needs_approval = False
    cleaning.save()

    made = data_of(fang.post(ORDERS, wish), 201)

    assert (made["status"], made["paymentStatus"]) == ("pending", "unpaid")
    assert made["payBefore"] == "2026-03-02T08:05:00+08:00"


def test_by_the_hour_one_says_for_how_long(fang, cleaning, wish):
    cleaning.price_unit = "hour"
    cleaning.save()

    made = data_of(fang.post(ORDERS, wish | {"durationMinutes": 90}), 201)

    assert (made["totalAmount"], made["endTime"]) == (300, "2026-03-02T11:30:00+08:00")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"scheduledTime": "tomorrow"}, "scheduledTime"),
    ({"scheduledTime": "2026-13-02 10:00:00"}, "scheduledTime"),
    ({"scheduledTime": None}, "scheduledTime"),
    ({"totalAmount": -1}, "totalAmount"),
    ({"totalAmount": "100.001"}, "totalAmount"),
    ({"totalAmount": 10**9}, "totalAmount"),
    ({"totalAmount": "much"}, "totalAmount"),
    ({"durationMinutes": 90}, "durationMinutes"),
    ({"durationMinutes": 7}, "durationMinutes"),
    ({"customerAddress": 1}, "customerAddress"),
    ({"customerAddress": {"lat": 31, "lng": 121}}, "customerAddress"),
    ({"customerAddress": {"address": "x", "lat": 31}}, "customerAddress"),
    ({"customerAddress": {"address": "x", "lat": 91, "lng": 0}}, "customerAddress"),
    ({"customerAddress": {"address": "x", "lat": "NaN", "lng": 0}}, "customerAddress"),
    ({"customerAddress": "x" * 201}, "customerAddress"),
    ({"customerAddress": {"address": "Beijing", "lat": 39.9, "lng": 116.4}}, "customerAddress"),
    ({"notes": "x" * 1001}, "notes"),
]


def test_what_cannot_be_ordered_is_said_of_its_field(fang, wish):
    for wrong, field in WRONG:
        errors = refusal_of(fang.post(ORDERS, wish | wrong), 400, "invalid")
        assert set(errors) == {field}, wrong

    assert not Appointment.objects.exists()


def test_what_is_no_service_is_not_there(fang, cleaning, wish):
    hidden = service(cleaning.store, "Mei", status="draft")
    store = cleaning.store
    others = [hidden.pk, house(store, realtor=cleaning.realtor).pk, boarding(store).pk, 0, "x"]

    for one in others:
        errors = refusal_of(fang.post(ORDERS, wish | {"serviceId": one}), 404, "not_found")
        assert set(errors) == {"serviceId"}


def test_a_time_that_is_taken_comes_with_others(fang, bo, made, wish):
    errors = refusal_of(bo.post(ORDERS, wish), 409, "slot_taken")

    assert errors["nextFreeStarts"]


def test_nobody_is_in_two_places_or_orders_of_themselves(fang, lin, cleaning, made, wish):
    mei = service(cleaning.store, "Mei")

    refusal_of(fang.post(ORDERS, wish | {"serviceId": mei.pk}), 409, "customer_conflict")
    refusal_of(lin.post(ORDERS, wish), 400, "invalid")


def test_the_rules_of_the_store_hold(fang, wish):
    for time, code in (
        ("2026-03-02 07:00:00", "too_soon"),
        ("2028-03-02 10:00:00", "too_far_ahead"),
        ("2026-03-02 10:07:00", "not_on_grid"),
        ("2026-03-02 17:00:00", "outside_business_hours"),
    ):
        refusal_of(fang.post(ORDERS, wish | {"scheduledTime": time}), 400, code)


def test_the_same_key_is_the_same_order(fang, wish):
    headers = {"Idempotency-Key": "order-1"}
    first = fang.post(ORDERS, wish, **headers)

    again = fang.post(ORDERS, wish, **headers)
    other = fang.post(ORDERS, wish | {"totalAmount": 150}, **headers)

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    refusal_of(other, 409, "idempotency_mismatch")
    assert Appointment.objects.count() == 1


def test_a_step_that_is_repeated_with_its_key_hears_the_first_answer(lin, made):
    first = lin.post(path_of(made, "/confirm"), **{"Idempotency-Key": "yes"})
    again = lin.post(path_of(made, "/confirm"), **{"Idempotency-Key": "yes"})

    assert again.json() == first.json()
    refusal_of(lin.post(path_of(made, "/confirm")), 409, "invalid_transition")


def test_an_order_is_made_in_the_conversation_with_the_provider(fang, customer, cleaning, wish):
    by = Actor.of(customer)
    talk = open_direct(user_of(cleaning), listing=cleaning, by=by, at=NOW).conversation

    made = data_of(fang.post(ORDERS, wish | {"conversationId": talk.pk}), 201)

    assert made["conversationId"] == str(talk.pk)
    assert data_of(fang.get(ORDERS))[0]["conversationId"] == str(talk.pk)
    assert talk.order_links.get().appointment_id == int(made["id"])


def test_no_other_conversation_will_do(fang, customer, cleaning, wish):
    mei = service(cleaning.store, "Mei")
    by, mine, lins = Actor.of(customer), user_of(mei), user_of(cleaning)
    others = open_direct(lins, by=Actor.of(register("Bo")), at=NOW).conversation
    with_mei = open_direct(mine, listing=mei, by=by, at=NOW).conversation

    for one in (others.pk, 0, "x", "9" * 30):
        answer = fang.post(ORDERS, wish | {"conversationId": one})
        assert set(refusal_of(answer, 404, "not_found")) == {"conversationId"}
    refusal_of(fang.post(ORDERS, wish | {"conversationId": with_mei.pk}), 404, "not_found")
    assert not Appointment.objects.exists()


# Who sees which


def test_both_sides_and_staff_of_the_store_see_it_and_nobody_else(
    fang, lin, hua, bo, cleaning, made
):
    order(service(cleaning.store, "Mei"), register("Qiang"), TEN)

    for app in (fang, lin):
        assert ids(app.get(ORDERS)) == [str(made.pk)]
        assert data_of(app.get(path_of(made)))["id"] == str(made.pk)
    assert len(ids(hua.get(ORDERS))) == 2
    elsewhere = caller(manager_of(open_store("bund")))
    for app in (bo, elsewhere):
        assert ids(app.get(ORDERS)) == []
        refusal_of(app.get(path_of(made)), 404, "not_found")
        for step in STEPS:
            refusal_of(app.post(path_of(made, step), {"agree": True}), 404, "not_found")


def test_what_is_no_order_is_not_among_them(fang, customer, cleaning):
    plain = book(cleaning.store, TEN, customer=customer)

    assert ids(fang.get(ORDERS)) == []
    refusal_of(fang.get(path_of(plain)), 404, "not_found")


def test_the_list_is_narrowed(fang, lin, cleaning, customer, made):
    afternoon = agreed(cleaning, customer, clock("14:00"))
    theirs = order(service(cleaning.store, "Mei"), user_of(cleaning), clock("15:00"))

    assert ids(fang.get(ORDERS, status="confirmed")) == [str(afternoon.pk)]
    assert ids(fang.get(ORDERS, paymentStatus="unpaid")) == [str(afternoon.pk)]
    assert ids(lin.get(ORDERS, **{"as": "customer"})) == [str(theirs.pk)]
    assert len(ids(lin.get(ORDERS, **{"as": "provider"}))) == 2
    assert len(ids(fang.get(ORDERS, serviceId=cleaning.pk, dateTo="2026-03-02"))) == 2
    assert ids(fang.get(ORDERS, dateFrom="2026-03-03")) == []
    answer = fang.get(ORDERS, page=2, limit=1)
    assert ids(answer) == [str(made.pk)]
    assert answer.json()["pagination"] == {"page": 2, "limit": 1, "total": 2}


def test_a_query_that_means_nothing_is_said_of_its_field(fang):
    query = {"status": "lost", "as": "owner", "dateFrom": "soon", "paymentStatus": "x"}

    assert set(refusal_of(fang.get(ORDERS, **query), 400, "invalid")) == set(query)


def test_many_cost_as_much_as_one(hua, cleaning, customer):
    def counted(app: Caller) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert data_of(app.get(ORDERS))
        return len(queries)

    ask(agreed(cleaning, customer, TEN), customer)
    one = counted(hua)
    for number in range(3):
        other = register(f"Customer {number}")
        ask(agreed(service(cleaning.store, f"Provider {number}"), other, TEN), other)

    assert counted(hua) == one <= 15


# Its life


def test_confirmed_begun_and_done_by_its_provider(fang, lin, bound, now):
    refusal_of(lin.post(path_of(bound, "/start")), 409, "invalid_transition")
    now.move_to(TEN)
    assert data_of(lin.post(path_of(bound, "/start")))["status"] == "in_progress"
    done = data_of(lin.post(path_of(bound, "/complete")))

    assert (done["status"], done["completedTime"]) == ("completed", "2026-03-02T10:00:00+08:00")
    refusal_of(lin.post(path_of(bound, "/complete")), 409, "invalid_transition")


def test_declined_it_is_called_off_and_the_time_is_free(fang, lin, made):
    done = data_of(lin.post(path_of(made, "/decline"), {"reason": "I am ill"}))

    assert (done["status"], done["cancelReason"]) == ("cancelled", "I am ill")
    assert not Claim.objects.filter(appointment=made).exists()


def test_a_colleague_is_asked_where_the_service_is_nobody_s_in_particular(fang, hua, cleaning):
    cleaning.realtor = None
    cleaning.save()
    service(cleaning.store, "Mei")
    body = {"serviceId": cleaning.pk, "scheduledTime": "2026-03-02 10:00"}
    made = data_of(fang.post(ORDERS, body), 201)

    asked = data_of(hua.post(f"{ORDERS}/{made['id']}/decline"))

    assert asked["status"] == "pending"
    assert {made["provider"]["displayName"], asked["provider"]["displayName"]} == {"Lin", "Mei"}


def test_the_customer_neither_confirms_nor_begins_nor_ends_it(fang, made):
    for step in ("/confirm", "/decline", "/start", "/complete"):
        refusal_of(fang.post(path_of(made, step)), 403, "forbidden")


def test_staff_of_the_store_do_what_its_provider_does(hua, made, now):
    assert data_of(hua.post(path_of(made, "/confirm")))["status"] == "confirmed"
    now.move_to(TEN)
    data_of(hua.post(path_of(made, "/start")))
    assert data_of(hua.post(path_of(made, "/complete")))["status"] == "completed"


def test_what_is_due_is_paid_once_it_is_confirmed(fang, lin, made):
    body = {"booking_id": str(made.pk), "gateway": "sandbox"}
    refusal_of(fang.post("/api/v1/payments", body), 409, "invalid_transition")
    data_of(lin.post(path_of(made, "/confirm")))

    payment = data_of(fang.post("/api/v1/payments", body), 201)

    assert (payment["amount"], payment["currency"], payment["status"]) == (200, "CNY", "open")


# Calling it off

STEPS = ("/confirm", "/decline", "/start", "/complete", "/cancel", "/cancel-request")
STEPS += ("/cancel-response", "/cancel-request/withdraw")


def ask(made: Appointment, by: User) -> CancelRequest:
    answer = caller(by).post(path_of(made, "/cancel-request"), {"reason": "Plans changed"})
    data_of(answer)
    return CancelRequest.objects.get(appointment=made)


def test_either_side_calls_off_what_is_not_confirmed(fang, lin, cleaning, customer, made):
    other = order(cleaning, customer, clock("14:00"))

    done = data_of(fang.post(path_of(made, "/cancel"), {"reason": "Not needed"}))
    assert (done["status"], done["cancelReason"]) == ("cancelled", "Not needed")
    assert data_of(lin.post(path_of(other, "/cancel")))["status"] == "cancelled"


def test_nobody_calls_off_alone_what_is_confirmed(fang, lin, hua, bound):
    for app in (fang, lin, hua):
        refusal_of(app.post(path_of(bound, "/cancel")), 409, "needs_agreement")
    by_code = f"appointments/{bound.code}/cancel"
    refusal_of(fang.post(by_code), 409, "needs_agreement")

    assert Appointment.objects.get(pk=bound.pk).status == "confirmed"


def test_one_side_asks_and_the_other_agrees(fang, lin, bound):
    paid(bound)
    asked = data_of(fang.post(path_of(bound, "/cancel-request"), {"reason": "Plans changed"}))
    wish = asked["cancelRequest"]

    assert asked["status"] == "confirmed"
    assert wish == {
        "id": str(CancelRequest.objects.get().pk),
        "askedBy": "customer",
        "reason": "Plans changed",
        "state": "open",
        "askedAt": "2026-03-02T08:00:00+08:00",
        "answerBefore": "2026-03-03T08:00:00+08:00",
        "answeredAt": None,
        "answer": "",
        "decision": "",
        "refundIfAgreed": 100,
    }
    assert data_of(lin.get(path_of(bound)))["cancelRequest"] == wish

    done = data_of(lin.post(path_of(bound, "/cancel-response"), {"agree": True}))

    assert (done["status"], done["cancelFee"]) == ("cancelled", 100)
    assert (done["cancelRequest"]["state"], done["cancelRequest"]["refundIfAgreed"]) == (
        "agreed",
        None,
    )


def test_what_the_provider_asks_for_costs_the_customer_nothing(fang, lin, bound):
    paid(bound)
    asked = data_of(lin.post(path_of(bound, "/cancel-request")))["cancelRequest"]
    assert (asked["askedBy"], asked["refundIfAgreed"]) == ("provider", 200)

    # Who asks for the same agrees.
    assert data_of(fang.post(path_of(bound, "/cancel-request")))["status"] == "cancelled"


def test_a_no_is_for_staff_to_decide(fang, lin, customer, bound):
    ask(bound, customer)
    answer = {"agree": False, "reason": "On my way"}

    said = data_of(lin.post(path_of(bound, "/cancel-response"), answer))["cancelRequest"]

    assert (said["state"], said["answer"]) == ("disputed", "On my way")
    operator = Actor.of(register("Ops", is_staff=True, is_superuser=True))
    decide_request(bound, call_off=True, refund_percent=50, reason="Half each", by=operator, at=NOW)
    told = data_of(fang.get(path_of(bound)))
    assert (told["status"], told["cancelRequest"]["state"]) == ("cancelled", "called_off")
    assert told["cancelRequest"]["decision"] == "Half each"


def test_a_wish_is_taken_back_by_who_asked(fang, lin, customer, bound):
    refusal_of(fang.post(path_of(bound, "/cancel-request/withdraw")), 409, "invalid_transition")
    ask(bound, customer)
    refusal_of(lin.post(path_of(bound, "/cancel-request/withdraw")), 403, "forbidden")

    told = data_of(fang.post(path_of(bound, "/cancel-request/withdraw")))

    assert (told["status"], told["cancelRequest"]["state"]) == ("confirmed", "taken_back")


def test_who_asked_does_not_answer_and_answers_say_which(fang, hua, lin, customer, bound):
    refusal_of(
        lin.post(path_of(bound, "/cancel-response"), {"agree": 1}), 409, "invalid_transition"
    )
    ask(bound, customer)

    refusal_of(fang.post(path_of(bound, "/cancel-response"), {"agree": True}), 403, "forbidden")
    for body in ({}, {"agree": None}, {"agree": "perhaps"}):
        errors = refusal_of(lin.post(path_of(bound, "/cancel-response"), body), 400, "invalid")
        assert set(errors) == {"agree"}
    long = {"reason": "x" * 201}
    assert set(refusal_of(fang.post(path_of(bound, "/cancel-request"), long), 400, "invalid")) == {
        "reason"
    }
    # Whoever runs the store speaks for its provider.
    done = data_of(hua.post(path_of(bound, "/cancel-response"), {"agree": True}))
    assert done["status"] == "cancelled"


def test_nobody_asks_before_it_is_confirmed(fang, made):
    refusal_of(fang.post(path_of(made, "/cancel-request")), 409, "invalid_transition")


def test_the_operation_log_tells_of_it(fang, lin, customer, bound):
    ask(bound, customer)
    data_of(lin.post(path_of(bound, "/cancel-response"), {"agree": False, "reason": "No"}))

    rows = data_of(fang.get(f"appointments/{bound.code}/history"))

    told = [(row["action"], row["by"]) for row in rows]
    assert told[-3:] == [
        ("cancel_asked", "customer"),
        ("cancel_refused", "realtor"),
        ("disputed", "system"),
    ]


# The appointment family


@pytest.fixture
def family_wish(cleaning: Listing) -> dict[str, Any]:
    return {
        "store_id": str(cleaning.store_id),
        "listing_id": str(cleaning.pk),
        "appointment_date": "2026-03-02",
        "start_time": "10:00",
    }


def test_a_service_is_ordered_in_the_appointment_family_too(fang, cleaning, family_wish):
    place = {"address": "Huaihai Road 1", "lat": 31.05, "lng": 121}
    terms = {"address": place, "total_amount": 180}

    made = data_of(fang.post("appointments", family_wish | terms), 201)

    assert (made["listing_id"], made["duration_minutes"]) == (str(cleaning.pk), 120)
    assert (made["price"], made["final_price"], made["queue_position"]) == (200, 180, 0)
    kept = Order.objects.get(appointment=made["id"])
    assert (kept.address, kept.point) == ("Huaihai Road 1", Point(31.05, 121.0))
    assert ids(fang.get(ORDERS)) == [made["id"]]


def test_nobody_waits_in_a_line_for_a_service(bo, made, family_wish):
    body = family_wish | {"queue": True, "customer_phone": "13800000005"}

    refusal_of(bo.post("appointments", body), 409, "slot_taken")


def test_guests_are_asked_to_sign_in(family_wish, wish):
    person = {"customer_name": "Lan", "customer_phone": "13800000001"}

    refusal_of(caller().post("appointments", family_wish | person), 403, "forbidden")
    refusal_of(caller().post(ORDERS, wish), 401, "unauthenticated")
    refusal_of(caller().get(ORDERS), 401, "unauthenticated")
    for step in STEPS:
        refusal_of(caller().post(f"{ORDERS}/1{step}"), 401, "unauthenticated")


def test_another_system_orders_nothing_for_itself(cleaning, family_wish):
    machine = manager_of(cleaning.store, email=None, is_machine=True)
    person = {"customer_name": "Lan", "customer_phone": "13800000001"}

    refusal_of(caller(machine).post("appointments", family_wish | person), 403, "forbidden")


def test_staff_order_for_themselves(hua, cleaning, family_wish):
    body = family_wish | {"customer_phone": "13800000005"}

    made = data_of(hua.post("appointments", body), 201)

    assert made["customer_name"] == "Hua"
    assert made["user_id"] is not None


def test_terms_belong_to_orders(fang, cleaning, family_wish):
    terms = {"address": "Huaihai Road 1", "total_amount": 180}
    wish = family_wish | {"listing_id": None}

    assert set(refusal_of(fang.post("appointments", wish | terms), 400, "invalid")) == set(terms)
    live = {"store_id": family_wish["store_id"], "asap": True}
    assert set(refusal_of(fang.post("appointments", live | terms), 400, "invalid")) == set(terms)
    much = family_wish | {"total_amount": 10**9}
    assert set(refusal_of(fang.post("appointments", much), 400, "invalid")) == {"total_amount"}


def test_starts_of_a_service_are_offered_and_held(fang, cleaning, family_wish, wish):
    store = f"stores/{cleaning.store_id}"
    days = data_of(fang.get(f"{store}/slots", days=1, listing_id=cleaning.pk))["days"]
    first = days[0]["slots"][0]
    assert (first["start_time"], first["end_time"]) == ("09:00", "11:00")

    held = data_of(fang.post(f"{store}/holds", family_wish), 201)
    made = data_of(fang.post(ORDERS, wish | {"holdToken": held["hold_token"]}), 201)

    assert made["scheduledTime"] == held["starts_at"]
    assert Appointment.objects.get().final_price == Decimal(200)
