"""/house/reserve and /api/reservations: houses that people see, in Document 1's names."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Claim
from booking_site.common.actors import Actor
from notifications.models import Kind, Notification, OutboxEvent, Type
from tests.callers import caller, data_of, refusal_of

from ..places import house, house_claims
from ..world import (
    LAN,
    MINUTE,
    NOW,
    acting,
    away,
    book,
    clock,
    confirmed,
    hire,
    manager,
    open_store,
    register,
)

RESERVE = "/house/reserve"
RESERVATIONS = "/api/reservations"
TEN = clock("10:00")
FIELDS = {
    *("reservation_id", "appointment_code", "status", "status_display", "house_id", "house_title"),
    *("address", "landlord_id", "landlord_name", "user_id", "user_name", "user_phone"),
    *("reserve_time", "starts_at", "ends_at", "duration_minutes", "notes", "cancel_reason"),
    *("feedback", "store_id", "store_name", "created_at"),
}


@pytest.fixture
def jing(store):
    return hire(store, "Jing")


@pytest.fixture
def flat(store, jing):
    """Half an hour to see it; Jing confirms each visit."""
    return house(store, "Two rooms", realtor=jing)


@pytest.fixture
def wish(flat, jing, fang):
    """As the document's example has it."""
    return {
        "landlord_id": jing.user_id,
        "user_id": fang.pk,
        "user_name": "Zhang San",
        "house_id": flat.pk,
        "house_title": "Two rooms",
        "reserve_time": "2026-03-02 10:00:00",
    }


@pytest.fixture
def seen(store, flat, fang):
    return book(store, TEN, listing=flat, customer=fang)


def path_of(reservation, more=""):
    return f"{RESERVATIONS}/{reservation.pk}{more}"


def ids(answer):
    return [row["reservation_id"] for row in data_of(answer)]


# Reserving


def test_a_house_is_reserved_and_waits_for_its_landlord(wish, flat, jing, fang, store):
    made = data_of(caller(fang).post(RESERVE, wish), 201)

    assert set(made) == FIELDS
    assert (made["status"], made["house_id"], made["house_title"]) == (
        "pending",
        flat.pk,
        "Two rooms",
    )
    assert (made["landlord_id"], made["landlord_name"]) == (jing.user_id, "Jing")
    assert (made["user_id"], made["user_name"]) == (fang.pk, "Zhang San")
    assert (made["reserve_time"], made["created_at"]) == (
        "2026-03-02 10:00:00",
        int(NOW.timestamp()),
    )
    assert made["starts_at"] == "2026-03-02T10:00:00+08:00"
    assert (made["duration_minutes"], made["feedback"]) == (30, None)
    booked = Appointment.objects.get(pk=made["reservation_id"])
    assert (booked.store, booked.realtor, booked.final_price) == (store, jing, 0)


@pytest.mark.parametrize(
    "said", ["2026-03-02 10:00:00", "2026-03-02T10:00", "2026-03-02T02:00:00Z"]
)
def test_the_time_is_the_store_s_unless_it_has_an_offset(wish, fang, said):
    made = data_of(caller(fang).post(RESERVE, wish | {"reserve_time": said}), 201)

    assert made["reserve_time"] == "2026-03-02 10:00:00"


def test_what_is_not_said_is_the_account_s_and_the_house_s(flat, jing, fang):
    body = {"house_id": str(flat.pk), "reserve_time": "2026-03-02 10:00:00"}

    made = data_of(caller(fang).post(RESERVE, body), 201)

    assert (made["user_name"], made["landlord_id"]) == ("Fang", jing.user_id)


def test_what_the_body_calls_the_house_does_not_count(wish, fang):
    made = data_of(caller(fang).post(RESERVE, wish | {"house_title": "Palace"}), 201)

    assert made["house_title"] == "Two rooms"


@pytest.mark.parametrize(
    "said",
    [
        *("", "tomorrow", "14:00", "2026-03-02", "2026-13-02 10:00:00", "2026-03-02 25:00:00"),
        *("2026-02-30 10:00:00", "20260302T100000", 1772416800, None, [], {}, True),
        *("2026-03-02 10:00:00 ", "２０２６-03-02 10:00:00", "2026-03-02T10:00:00+99:00"),
    ],
)
def test_no_time_is_none(wish, fang, said):
    answer = caller(fang).post(RESERVE, wish | {"reserve_time": said})

    assert "reserve_time" in refusal_of(answer, 400, "invalid")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("2026-03-02 07:00:00", "too_soon"),
        ("0001-01-01 00:00:00", "too_soon"),
        ("9999-12-31 23:59:59", "too_far_ahead"),
        ("9999-12-31T23:59:59-12:00", "invalid"),
        ("2026-03-02 10:02:00", "not_on_grid"),
        ("2026-03-02 21:00:00", "outside_business_hours"),
    ],
)
def test_a_time_that_cannot_be_reserved(wish, fang, said, code):
    refusal_of(caller(fang).post(RESERVE, wish | {"reserve_time": said}), 400, code)


def test_a_time_that_the_clock_skips(jing, fang, store):
    store.time_zone = "Europe/Berlin"
    store.save()
    flat = house(store, "Altbau", realtor=jing)

    answer = caller(fang).post(
        RESERVE, {"house_id": flat.pk, "reserve_time": "2026-03-29 02:30:00"}
    )

    assert "reserve_time" in refusal_of(answer, 400, "invalid")


def test_a_house_that_somebody_sees_then(wish, store, flat, bo, fang):
    book(store, TEN, listing=flat, customer=bo)

    errors = refusal_of(caller(fang).post(RESERVE, wish), 409, "slot_taken")

    assert errors["next_free_starts"][0] == "2026-03-02T10:30:00+08:00"
    assert Appointment.objects.count() == 1


def test_a_landlord_who_is_away(wish, jing, fang):
    away(jing, clock("09:00"), clock("12:00"))

    errors = refusal_of(caller(fang).post(RESERVE, wish), 409, "slot_taken")

    assert errors["next_free_starts"][0] == "2026-03-02T12:00:00+08:00"


def test_who_is_promised_elsewhere(wish, store, fang):
    hire(store, "Wei")
    book(store, TEN, customer=fang)

    refusal_of(caller(fang).post(RESERVE, wish), 409, "customer_conflict")


def test_a_house_that_is_not_there(wish, flat, fang, piano):
    app = caller(fang)
    for house_id in ("0", "abc", "9" * 30, str(piano.pk)):
        answer = app.post(RESERVE, wish | {"house_id": house_id})
        assert "house_id" in refusal_of(answer, 404, "not_found")
    flat.status = "draft"
    flat.save()

    assert "house_id" in refusal_of(app.post(RESERVE, wish), 404, "not_found")


def test_ids_of_people_open_nothing(wish, fang, bo, jing):
    other = hire(jing.store, "Wei")

    refusal_of(caller(fang).post(RESERVE, wish | {"user_id": bo.pk}), 403, "forbidden")
    refusal_of(caller(fang).post(RESERVE, wish | {"user_id": 0}), 403, "forbidden")
    answer = caller(fang).post(RESERVE, wish | {"landlord_id": other.user_id})
    assert "landlord_id" in refusal_of(answer, 400, "invalid")
    answer = caller(fang).post(RESERVE, wish | {"landlord_id": "me"})
    assert "landlord_id" in refusal_of(answer, 404, "not_found")
    refusal_of(caller().post(RESERVE, wish), 401, "unauthenticated")
    assert not Appointment.objects.exists()


def test_staff_of_the_store_reserve_for_an_account(wish, store, fang):
    hua, elsewhere = manager(store).user, manager(open_store("elsewhere"), "Ke").user

    made = data_of(caller(hua).post(RESERVE, wish), 201)

    assert made["user_id"] == fang.pk
    refusal_of(caller(elsewhere).post(RESERVE, wish), 403, "forbidden")
    answer = caller(hua).post(RESERVE, wish | {"user_id": "0"})
    assert "user_id" in refusal_of(answer, 404, "not_found")


def test_of_an_agency_s_house_one_may_name_who_shows_it(store, fang):
    hire(store, "Wei")
    ming = hire(store, "Ming")
    shared = house(store, "Shared", realtor=None)
    body = {"house_id": shared.pk, "reserve_time": "2026-03-02 10:00:00"}

    made = data_of(caller(fang).post(RESERVE, body | {"landlord_id": ming.user_id}), 201)

    assert made["landlord_name"] == "Ming"


def test_nobody_waits_in_line_for_an_agency_s_house(store, fang):
    hire(store, "Wei")
    shared = house(store, "Shared", realtor=None)
    book(store, TEN)
    body = {"house_id": shared.pk, "reserve_time": "2026-03-02 10:00:00"}

    refusal_of(caller(fang).post(RESERVE, body), 409, "slot_taken")


def test_the_same_key_reserves_once(wish, fang):
    app = caller(fang)
    first = app.post(RESERVE, wish, idempotency_key="viewing-1")
    again = app.post(RESERVE, wish, idempotency_key="viewing-1")

    assert again["Idempotency-Replayed"] == "true"
    assert data_of(again, 201) == data_of(first, 201)
    other = wish | {"reserve_time": "2026-03-02 11:00:00"}
    answer = app.post(RESERVE, other, idempotency_key="viewing-1")
    refusal_of(answer, 409, "idempotency_mismatch")


# Reading


def test_each_side_has_its_own_list(seen, store, flat, fang, bo, jing):
    other = book(store, clock("14:00"), listing=flat, customer=bo)
    book(store, clock("16:00"), realtor=jing, customer=fang)

    assert ids(caller(fang).get(RESERVATIONS)) == [seen.pk]
    assert ids(caller(jing.user).get(RESERVATIONS)) == [other.pk, seen.pk]
    assert ids(caller(manager(store).user).get(RESERVATIONS)) == [other.pk, seen.pk]
    assert ids(caller(register("Nobody")).get(RESERVATIONS)) == []
    refusal_of(caller().get(RESERVATIONS), 401, "unauthenticated")


def test_the_list_is_narrowed(seen, store, flat, fang, jing):
    flat_2 = house(store, "Loft", realtor=jing)
    later = confirmed(store, clock("11:00") + timedelta(days=1), listing=flat_2, customer=fang)
    app = caller(fang)

    assert ids(app.get(RESERVATIONS, status="confirmed")) == [later.pk]
    assert ids(app.get(RESERVATIONS, house_id=flat.pk)) == [seen.pk]
    assert ids(app.get(RESERVATIONS, date_from="2026-03-03")) == [later.pk]
    assert ids(app.get(RESERVATIONS, date_to="2026-03-02")) == [seen.pk]
    assert ids(app.get(RESERVATIONS, **{"as": "landlord"})) == []
    assert ids(caller(jing.user).get(RESERVATIONS, **{"as": "customer"})) == []
    assert ids(app.get(RESERVATIONS, **{"as": "", "status": ""})) == [later.pk, seen.pk]
    assert "as" in refusal_of(app.get(RESERVATIONS, **{"as": "king"}), 400, "invalid")
    assert "house_id" in refusal_of(app.get(RESERVATIONS, house_id="x"), 404, "not_found")


def test_a_list_costs_the_same_however_long(store, flat, fang):
    book(store, clock("09:00"), listing=flat, customer=fang)
    app = caller(fang)
    with CaptureQueriesContext(connection) as one:
        data_of(app.get(RESERVATIONS))
    for hour in ("10:00", "11:00", "12:00", "13:00"):
        book(store, clock(hour), listing=flat, customer=fang)
    with CaptureQueriesContext(connection) as many:
        assert len(data_of(app.get(RESERVATIONS))) == 5

    assert len(many) == len(one) <= 8


@pytest.mark.parametrize("more", ["", "/confirm", "/reject", "/cancel", "/remind", "/feedback"])
def test_what_is_another_s_is_not_there(seen, bo, more):
    app = caller(bo)
    call = app.post if more else app.get
    args = ({"verdict": "interested"},) if more == "/feedback" else ()

    refusal_of(call(path_of(seen, more), *args), 404, "not_found")
    refusal_of(call(f"{RESERVATIONS}/abc{more}", *args), 404, "not_found")
    guest = caller()
    refusal_of((guest.post if more else guest.get)(path_of(seen, more)), 401, "unauthenticated")


def test_what_is_no_viewing_is_not_a_reservation(store, fang, wei):
    talk = book(store, TEN, customer=fang)

    refusal_of(caller(fang).get(path_of(talk)), 404, "not_found")


def test_it_is_an_appointment_as_well(seen, fang, flat):
    row = data_of(caller(fang).get(f"appointments/{seen.code}"))

    assert (row["id"], row["listing_id"], row["listing_title"]) == (
        str(seen.pk),
        str(flat.pk),
        "Two rooms",
    )
    assert (row["check_in"], row["nights"]) == (None, 0)


# The steps


def test_the_landlord_confirms(seen, jing, fang):
    body = {"landlord_id": jing.user_id}

    row = data_of(caller(jing.user).post(path_of(seen, "/confirm"), body))

    assert row["status"] == "confirmed"
    refusal_of(caller(jing.user).post(path_of(seen, "/confirm")), 409, "invalid_transition")


def test_nobody_else_confirms(seen, store, jing, fang):
    app, path = caller(fang), path_of(seen, "/confirm")

    refusal_of(app.post(path), 403, "forbidden")
    refusal_of(app.post(path, {"landlord_id": jing.user_id}), 403, "forbidden")
    refusal_of(app.post(path, {"landlord_id": fang.pk}), 400, "invalid")
    hua = caller(manager(store).user)
    assert "landlord_id" in refusal_of(hua.post(path, {"landlord_id": fang.pk}), 400, "invalid")
    assert data_of(hua.post(path, {"landlord_id": str(jing.user_id)}))["status"] == "confirmed"


def test_the_landlord_rejects(seen, jing, fang):
    row = data_of(caller(jing.user).post(path_of(seen, "/reject"), {"reason": "rented out"}))

    assert row["status"] == "cancelled"
    assert not Claim.objects.exists()
    refusal_of(caller(jing.user).post(path_of(seen, "/reject")), 409, "invalid_transition")


def test_the_customer_does_not_reject(seen, fang):
    refusal_of(caller(fang).post(path_of(seen, "/reject")), 403, "forbidden")


def test_either_side_cancels(store, flat, fang, jing):
    for side in (fang, jing.user):
        seen = book(store, TEN, listing=flat, customer=fang)
        row = data_of(caller(side).post(path_of(seen, "/cancel"), {"reason": "ill"}))
        assert (row["status"], row["cancel_reason"]) == ("cancelled", "ill")
        assert house_claims(flat) == 0


def test_cancelling_too_late(seen, fang, now):
    now.move_to(TEN)

    refusal_of(caller(fang).post(path_of(seen, "/cancel")), 400, "cancel_too_late")


# Reminding


def test_the_landlord_reminds_the_customer_at_once(store, flat, fang, jing):
    seen = confirmed(store, TEN, listing=flat, customer=fang)

    row = data_of(caller(jing.user).post(path_of(seen, "/remind")))

    assert row["reservation_id"] == seen.pk
    told = Notification.objects.filter(type=Type.REMINDER).values_list("user", flat=True)
    assert list(told) == [fang.pk]


def test_staff_remind_both(store, flat, fang, jing):
    seen = confirmed(store, TEN, listing=flat, customer=fang)

    data_of(caller(manager(store).user).post(path_of(seen, "/remind")))

    told = Notification.objects.filter(type=Type.REMINDER).values_list("user", flat=True)
    assert set(told) == {fang.pk, jing.user_id}


def test_once_in_ten_minutes(seen, jing, now):
    app = caller(jing.user)
    data_of(app.post(path_of(seen, "/remind")))
    now.move_to(NOW + 9.5 * MINUTE)

    answer = app.post(path_of(seen, "/remind"))

    refusal_of(answer, 429, "rate_limited")
    assert answer["Retry-After"] == "30"
    now.move_to(NOW + 10 * MINUTE)
    data_of(app.post(path_of(seen, "/remind")))
    assert OutboxEvent.objects.filter(kind=Kind.REMINDER).count() == 2


def test_nothing_to_remind_of(seen, jing, fang, now):
    refusal_of(caller(fang).post(path_of(seen, "/remind")), 403, "forbidden")
    now.move_to(TEN)
    refusal_of(caller(jing.user).post(path_of(seen, "/remind")), 409, "invalid_transition")
    now.move_to(NOW)
    services.cancel(seen, by=acting(jing), at=NOW)
    refusal_of(caller(jing.user).post(path_of(seen, "/remind")), 409, "invalid_transition")
    assert not OutboxEvent.objects.filter(kind=Kind.REMINDER).exists()


# Feedback


@pytest.fixture
def over(store, flat, fang, jing, now):
    """Fang has seen it."""
    seen = confirmed(store, TEN, listing=flat, customer=fang)
    services.start(seen, by=acting(jing), at=TEN)
    services.complete(seen, by=acting(jing), at=TEN + 20 * MINUTE)
    now.move_to(TEN + 30 * MINUTE)
    return seen


def test_what_the_customer_thought_of_it(over, fang, jing):
    body = {"verdict": "interested", "note": "Bright.\nQuiet."}

    row = data_of(caller(fang).post(path_of(over, "/feedback"), body))

    assert row["feedback"] == body
    again = data_of(caller(fang).post(path_of(over, "/feedback"), {"verdict": "not_for_me"}))
    assert again["feedback"] == {"verdict": "not_for_me", "note": ""}
    assert data_of(caller(jing.user).get(path_of(over)))["feedback"] == again["feedback"]


def test_feedback_is_for_customer_and_landlord(over, fang, store):
    data_of(caller(fang).post(path_of(over, "/feedback"), {"verdict": "undecided"}))

    assert data_of(caller(manager(store).user).get(path_of(over)))["feedback"] is None


def test_feedback_that_cannot_be(over, fang):
    app = caller(fang)
    for body in ({}, {"verdict": "great"}, {"verdict": None}, {"verdict": ["interested"]}):
        errors = refusal_of(app.post(path_of(over, "/feedback"), body), 400, "invalid")
        assert "verdict" in errors
    long = {"verdict": "interested", "note": "x" * 1001}
    assert "note" in refusal_of(app.post(path_of(over, "/feedback"), long), 400, "invalid")


def test_feedback_before_it_is_over(seen, fang):
    answer = caller(fang).post(path_of(seen, "/feedback"), {"verdict": "interested"})

    refusal_of(answer, 409, "invalid_transition")


def test_the_landlord_gives_no_feedback(over, jing):
    answer = caller(jing.user).post(path_of(over, "/feedback"), {"verdict": "interested"})

    refusal_of(answer, 403, "forbidden")


# Its own time, and the appointment family


def test_slots_holds_and_bookings_of_a_house(store, flat, fang):
    app = caller(fang)
    day = {"start_date": "2026-03-02", "days": 1, "listing_id": flat.pk}
    (row,) = data_of(app.get(f"stores/{store.pk}/slots", **day))["days"]
    assert row["slots"][0]["available"]
    start = {"appointment_date": "2026-03-02", "start_time": "10:00", "listing_id": str(flat.pk)}
    held = data_of(app.post(f"stores/{store.pk}/holds", start), 201)

    taken = {"house_id": flat.pk, "reserve_time": "2026-03-02 10:00:00"}
    refusal_of(caller(register("Lan")).post(RESERVE, taken), 409, "slot_taken")
    body = start | {
        "store_id": store.pk,
        "customer_phone": LAN,
        "hold_token": held["hold_token"],
    }
    made = data_of(app.post("appointments", body), 201)

    assert (made["listing_title"], made["status"]) == ("Two rooms", "pending")
    assert ids(app.get(RESERVATIONS)) == [int(made["id"])]


def test_it_moves_by_the_appointment_family(seen, fang, flat):
    body = {"appointment_date": "2026-03-02", "start_time": "15:00"}

    data_of(caller(fang).post(f"appointments/{seen.code}/reschedule", body))

    row = data_of(caller(fang).get(path_of(seen)))
    assert row["reserve_time"] == "2026-03-02 15:00:00"
    assert house_claims(flat) == 6


def test_its_calendar_entry_says_which_house_and_where(store, flat, fang):
    flat.address = "愚园路 1 号"
    flat.save()
    seen = book(store, TEN, listing=flat, customer=fang)

    file = caller(fang).get(f"appointments/{seen.code}.ics").content.decode()

    assert "SUMMARY:House viewing: Two rooms" in file
    assert "愚园路 1 号" in file.replace("\r\n ", "")


def test_its_history(seen, fang, jing):
    services.accept(seen, by=Actor.of(jing.user), at=NOW)

    rows = data_of(caller(fang).get(f"appointments/{seen.code}/history"))

    assert [row["action"] for row in rows][-1] == "confirmed"
