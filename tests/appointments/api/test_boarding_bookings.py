"""/api/v1/boarding/bookings: nights of pets, booked, paid, moved, begun and ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Claim
from booking_site.common.actors import Actor
from tests.callers import caller, data_of, refusal_of

from ..places import boarding, book_stay, night_claims, pet_of
from ..world import NOW, TUESDAY, book, clock, manager, open_store, register

BOOKINGS = "/api/v1/boarding/bookings"
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
FIELDS = {
    *("id", "appointment_code", "service_id", "service_name", "sitter_id", "sitter_name"),
    *("store_id", "store_name", "address", "user_id", "customer_name", "customer_phone", "pets"),
    *("check_in", "check_out", "nights", "starts_at", "ends_at", "status", "status_display"),
    *("payment_status", "price_per_night", "total", "due_now", "pay_before", "cancel_fee"),
    *("currency", "notes", "cancel_reason", "created_at", "updated_at", "confirmed_at"),
    *("checked_in_at", "checked_out_at", "cancelled_at"),
}


@pytest.fixture
def place(store):
    """Tao's, for two pets: nothing in advance, confirmed at once."""
    return boarding(store)


@pytest.fixture
def doubao(fang):
    return pet_of(fang)


@pytest.fixture
def tao(place):
    return caller(place.realtor.user)


@pytest.fixture
def wish(place, doubao):
    return {
        "service_id": str(place.pk),
        "pet_ids": [str(doubao.pk)],
        "check_in": "2026-03-03",
        "check_out": "2026-03-05",
        "notes": "Two walks a day.",
    }


@pytest.fixture
def stay(place, fang, doubao):
    return book_stay(place, fang, TUESDAY, THURSDAY)


def path_of(stay, more=""):
    return f"{BOOKINGS}/{stay.pk}{more}"


def ids(answer):
    return [row["id"] for row in data_of(answer)]


# Booking


def test_nights_are_booked(wish, place, fang, doubao):
    made = data_of(caller(fang).post(BOOKINGS, wish), 201)

    assert set(made) == FIELDS
    assert (made["service_id"], made["service_name"]) == (str(place.pk), "Home")
    assert (made["sitter_id"], made["sitter_name"]) == (str(place.realtor_id), "Tao")
    assert (made["user_id"], made["customer_name"]) == (str(fang.pk), "Fang")
    assert made["pets"] == [{"id": str(doubao.pk), "name": "Doubao", "species": "cat"}]
    assert (made["check_in"], made["check_out"], made["nights"]) == ("2026-03-03", "2026-03-05", 2)
    assert made["starts_at"] == "2026-03-03T14:00:00+08:00"
    assert made["ends_at"] == "2026-03-05T12:00:00+08:00"
    assert (made["price_per_night"], made["total"], made["due_now"]) == (80, 160, 0)
    assert (made["status"], made["payment_status"], made["currency"]) == (
        "confirmed",
        "not_required",
        "CNY",
    )
    assert made["notes"] == "Two walks a day."
    assert made["confirmed_at"] == "2026-03-02T08:00:00+08:00"
    assert night_claims(place) == 2


def test_a_deposit_keeps_the_nights_until_it_is_too_late(wish, place, fang):
    place.deposit_percent = 50
    place.save()

    made = data_of(caller(fang).post(BOOKINGS, wish), 201)

    assert (made["status"], made["payment_status"]) == ("pending", "unpaid")
    assert (made["due_now"], made["pay_before"]) == (80, "2026-03-02T08:05:00+08:00")


def test_a_unit_for_each_pet(wish, place, fang, doubao):
    mimi = pet_of(fang, "Mimi")

    made = data_of(caller(fang).post(BOOKINGS, wish | {"pet_ids": [doubao.pk, mimi.pk]}), 201)

    assert made["total"] == 320
    assert [pet["name"] for pet in made["pets"]] == ["Doubao", "Mimi"]


def test_a_night_without_room(wish, place, fang, bo):
    pet_of(bo, "One")
    pet_of(bo, "Two")
    book_stay(place, bo, THURSDAY - DAY, THURSDAY)

    refusal_of(caller(fang).post(BOOKINGS, wish), 409, "slot_taken")

    assert night_claims(place) == 2


def test_a_pet_that_stays_elsewhere(wish, stay, store, fang):
    other = boarding(store, "Xin")

    answer = caller(fang).post(BOOKINGS, wish | {"service_id": other.pk})

    refusal_of(answer, 409, "customer_conflict")


def test_a_vaccination_that_ends_before_they_go_home(wish, place, fang, doubao):
    place.attributes = {"vaccination_needed": True}
    place.save()
    doubao.vaccinated_until = THURSDAY - DAY
    doubao.save()
    app = caller(fang)

    errors = refusal_of(app.post(BOOKINGS, wish), 400, "vaccination_expired")

    assert errors["pet_ids"] == ["Doubao: vaccinated until 2026-03-04."]
    doubao.vaccinated_until = THURSDAY
    doubao.save()
    data_of(app.post(BOOKINGS, wish), 201)


def test_a_pet_that_is_not_taken_there(wish, place, fang):
    place.attributes = {"species": ["dog"]}
    place.save()

    assert "pet_ids" in refusal_of(caller(fang).post(BOOKINGS, wish), 400, "invalid")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-03-01", "2026-03-03", "too_soon"),
        ("0001-01-01", "0001-01-03", "too_soon"),
        ("2026-10-01", "2026-10-03", "too_far_ahead"),
        ("9999-12-30", "9999-12-31", "too_far_ahead"),
        ("2026-03-05", "2026-03-03", "invalid"),
        ("2026-03-03", "2026-03-03", "invalid"),
        ("2026-03-03", "2026-06-03", "invalid"),
    ],
)
def test_dates_that_cannot_be(wish, fang, first, last, code):
    answer = caller(fang).post(BOOKINGS, wish | {"check_in": first, "check_out": last})

    refusal_of(answer, 400, code)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("service_id", value) for value in (None, [], {}, True)),
        *(("pet_ids", value) for value in (None, [], "1", 1, [[]], [None], ["1"] * 11)),
        *(("check_in", value) for value in (None, "", "soon", 20260303, "2026-02-30", [])),
        *(("check_out", value) for value in (None, "", "2026-03-05T10:00", {})),
        *(("notes", value) for value in ("x" * 1001, ["a"], "a\u0007b")),
        ("user_id", []),
    ],
)
def test_a_body_that_means_nothing(wish, fang, field, value):
    errors = refusal_of(caller(fang).post(BOOKINGS, wish | {field: value}), 400, "invalid")

    assert field in errors


def test_the_same_pet_twice(wish, fang, doubao):
    answer = caller(fang).post(BOOKINGS, wish | {"pet_ids": [doubao.pk, str(doubao.pk)]})

    assert "pet_ids" in refusal_of(answer, 400, "invalid")


def test_what_is_not_there_or_another_s(wish, place, fang, bo, piano):
    app, heidou = caller(fang), pet_of(bo, "Heidou")
    for service_id in ("0", "x", "9" * 30, str(piano.pk)):
        answer = app.post(BOOKINGS, wish | {"service_id": service_id})
        assert "service_id" in refusal_of(answer, 404, "not_found")
    for pet_id in ("0", "x", heidou.pk):
        answer = app.post(BOOKINGS, wish | {"pet_ids": [pet_id]})
        assert "pet_ids" in refusal_of(answer, 404, "not_found")
    place.status = "draft"
    place.save()
    assert "service_id" in refusal_of(app.post(BOOKINGS, wish), 404, "not_found")


def test_the_place_of_one_s_own(wish, place, tao):
    own = pet_of(place.realtor.user, "Own")

    refusal_of(tao.post(BOOKINGS, wish | {"pet_ids": [own.pk]}), 400, "invalid")


def test_ids_of_people_open_nothing(wish, store, fang, bo, doubao):
    refusal_of(caller().post(BOOKINGS, wish), 401, "unauthenticated")
    refusal_of(caller(bo).post(BOOKINGS, wish | {"user_id": fang.pk}), 403, "forbidden")
    elsewhere = caller(manager(open_store("elsewhere"), "Ke").user)
    refusal_of(elsewhere.post(BOOKINGS, wish | {"user_id": fang.pk}), 403, "forbidden")

    made = data_of(caller(manager(store).user).post(BOOKINGS, wish | {"user_id": fang.pk}), 201)

    assert (made["user_id"], made["customer_name"]) == (str(fang.pk), "Fang")


def test_the_same_key_books_once(wish, fang, place):
    app = caller(fang)
    first = app.post(BOOKINGS, wish, idempotency_key="stay-1")
    again = app.post(BOOKINGS, wish, idempotency_key="stay-1")

    assert again["Idempotency-Replayed"] == "true"
    assert data_of(first, 201) == data_of(again, 201)
    assert night_claims(place) == 2
    other = app.post(BOOKINGS, wish | {"check_in": "2026-03-04"}, idempotency_key="stay-1")
    refusal_of(other, 409, "idempotency_mismatch")


# Reading


def test_each_side_has_its_own_list(stay, place, store, fang, bo, tao):
    pet_of(bo, "Heidou")
    other = book_stay(place, bo, THURSDAY, THURSDAY + DAY)

    assert ids(caller(fang).get(BOOKINGS)) == [str(stay.pk)]
    assert ids(tao.get(BOOKINGS)) == [str(other.pk), str(stay.pk)]
    assert ids(caller(manager(store).user).get(BOOKINGS)) == [str(other.pk), str(stay.pk)]
    assert ids(caller(register("Nobody")).get(BOOKINGS)) == []
    refusal_of(caller().get(BOOKINGS), 401, "unauthenticated")


def test_the_list_is_narrowed(stay, place, store, fang, tao):
    xin = boarding(store, "Xin", needs_approval=True)
    asked = book_stay(xin, fang, THURSDAY, THURSDAY + DAY)
    app = caller(fang)

    assert ids(app.get(BOOKINGS, status="pending")) == [str(asked.pk)]
    assert ids(app.get(BOOKINGS, service_id=place.pk)) == [str(stay.pk)]
    assert ids(app.get(BOOKINGS, date_from="2026-03-04")) == [str(asked.pk)]
    assert ids(app.get(BOOKINGS, date_to="2026-03-04")) == [str(stay.pk)]
    assert ids(app.get(BOOKINGS, **{"as": "sitter"})) == []
    assert ids(app.get(BOOKINGS, **{"as": "customer"})) == [str(asked.pk), str(stay.pk)]
    assert ids(tao.get(BOOKINGS, **{"as": "sitter"})) == [str(stay.pk)]
    assert "as" in refusal_of(app.get(BOOKINGS, **{"as": "king"}), 400, "invalid")
    assert "status" in refusal_of(app.get(BOOKINGS, status="x"), 400, "invalid")
    assert "service_id" in refusal_of(app.get(BOOKINGS, service_id="x"), 404, "not_found")


def test_a_list_costs_the_same_however_long(place, fang, doubao):
    book_stay(place, fang, TUESDAY, TUESDAY + DAY)
    app = caller(fang)
    with CaptureQueriesContext(connection) as one:
        data_of(app.get(BOOKINGS))
    for number in range(1, 6):
        book_stay(place, fang, TUESDAY + number * DAY, TUESDAY + (number + 1) * DAY)
    with CaptureQueriesContext(connection) as many:
        assert len(data_of(app.get(BOOKINGS))) == 6

    assert len(many) == len(one) <= 8


def test_no_seat_and_no_talk_is_a_stay(store, wei, fang, stay):
    talk = book(store, clock("10:00"), customer=fang)

    assert ids(caller(fang).get(BOOKINGS)) == [str(stay.pk)]
    refusal_of(caller(fang).get(path_of(talk)), 404, "not_found")


STEPS = (
    *("", "/confirm", "/decline", "/cancel", "/check-in", "/check-out", "/no-show"),
    "/reschedule",
)


@pytest.mark.parametrize("more", STEPS)
def test_what_is_another_s_is_not_there(stay, bo, more):
    body = {"check_in": "2026-03-04"}
    for app, status, code in (
        (caller(bo), 404, "not_found"),
        (caller(), 401, "unauthenticated"),
    ):
        answer = app.post(path_of(stay, more), body) if more else app.get(path_of(stay))
        refusal_of(answer, status, code)
    app = caller(bo)
    path = f"{BOOKINGS}/abc{more}"
    refusal_of(app.post(path, body) if more else app.get(path), 404, "not_found")


@pytest.mark.parametrize("more", ["/confirm", "/decline", "/check-in", "/check-out", "/no-show"])
def test_what_only_the_sitter_does(stay, fang, more):
    refusal_of(caller(fang).post(path_of(stay, more)), 403, "forbidden")


def test_the_sitter_does_not_move_it(stay, tao):
    answer = tao.post(path_of(stay, "/reschedule"), {"check_in": "2026-03-04"})

    refusal_of(answer, 403, "forbidden")


# The steps


def test_paid_and_confirmed_by_the_sitter(place, fang, doubao, tao):
    place.deposit_percent, place.needs_approval = 100, True
    place.save()
    stay = book_stay(place, fang, TUESDAY, THURSDAY)

    refusal_of(tao.post(path_of(stay, "/confirm")), 400, "payment_required")
    assert services.note_paid(stay, at=NOW)
    row = data_of(tao.post(path_of(stay, "/confirm")))

    assert (row["status"], row["payment_status"], row["pay_before"]) == ("confirmed", "paid", None)
    refusal_of(tao.post(path_of(stay, "/confirm")), 409, "invalid_transition")


def test_declined(place, fang, doubao, tao):
    place.needs_approval = True
    place.save()
    stay = book_stay(place, fang, TUESDAY, THURSDAY)

    row = data_of(tao.post(path_of(stay, "/decline"), {"reason": "ill"}))

    assert (row["status"], bool(row["cancelled_at"])) == ("cancelled", True)
    assert not Claim.objects.exists()


def test_either_side_cancels(place, fang, doubao, tao):
    for app in (caller(fang), tao):
        stay = book_stay(place, fang, TUESDAY, THURSDAY)
        row = data_of(app.post(path_of(stay, "/cancel"), {"reason": "ill"}))
        assert (row["status"], row["cancel_reason"]) == ("cancelled", "ill")
        assert night_claims(place) == 0
        refusal_of(app.post(path_of(stay, "/cancel")), 409, "invalid_transition")


def test_checked_in_from_its_day_on_and_out_early(stay, place, tao, now):
    refusal_of(tao.post(path_of(stay, "/check-in")), 409, "invalid_transition")
    now.move_to(clock("13:00", TUESDAY))

    row = data_of(tao.post(path_of(stay, "/check-in")))
    assert (row["status"], row["checked_in_at"]) == ("in_progress", "2026-03-03T13:00:00+08:00")
    now.move_to(clock("09:00", TUESDAY + DAY))
    row = data_of(tao.post(path_of(stay, "/check-out")))

    assert (row["status"], row["checked_out_at"]) == ("completed", "2026-03-04T09:00:00+08:00")
    assert night_claims(place) == 1


def test_not_out_before_in(stay, tao):
    refusal_of(tao.post(path_of(stay, "/check-out")), 409, "invalid_transition")


def test_nobody_came(stay, tao, now):
    refusal_of(tao.post(path_of(stay, "/no-show")), 409, "invalid_transition")
    now.move_to(clock("20:00", TUESDAY))

    assert data_of(tao.post(path_of(stay, "/no-show")))["status"] == "no_show"


def test_moved_to_as_many_nights(stay, place, fang):
    app = caller(fang)

    row = data_of(app.post(path_of(stay, "/reschedule"), {"check_in": "2026-03-10"}))

    assert (row["check_in"], row["check_out"], row["nights"]) == ("2026-03-10", "2026-03-12", 2)
    assert (row["total"], night_claims(place)) == (160, 2)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-03-01", "too_soon"),
        ("0001-01-01", "too_soon"),
        ("2026-12-01", "too_far_ahead"),
        ("9999-12-31", "too_far_ahead"),
        ("x", "invalid"),
        (None, "invalid"),
        ([], "invalid"),
    ],
)
def test_where_it_cannot_move(stay, fang, day, code):
    answer = caller(fang).post(path_of(stay, "/reschedule"), {"check_in": day})

    refusal_of(answer, 400, code)
    stay.refresh_from_db()
    assert stay.check_in == TUESDAY


def test_moved_onto_a_full_night(stay, place, fang, bo):
    pet_of(bo, "One")
    pet_of(bo, "Two")
    book_stay(place, bo, THURSDAY, THURSDAY + DAY)

    answer = caller(fang).post(path_of(stay, "/reschedule"), {"check_in": "2026-03-04"})

    refusal_of(answer, 409, "slot_taken")
    assert night_claims(place) == 4


# The appointment family


def test_a_stay_is_an_appointment_as_well(stay, fang, place):
    row = data_of(caller(fang).get(f"appointments/{stay.code}"))

    assert (row["listing_id"], row["listing_title"]) == (str(place.pk), "Home")
    assert (row["check_in"], row["check_out"], row["nights"]) == ("2026-03-03", "2026-03-05", 2)
    assert (row["appointment_date"], row["start_time"]) == ("2026-03-03", "14:00")
    assert row["final_price"] == 160


def test_it_is_in_the_list_of_appointments(stay, fang):
    (row,) = data_of(caller(fang).get("appointments"))

    assert (row["id"], row["listing_title"]) == (str(stay.pk), "Home")


@pytest.mark.parametrize(
    "to",
    [
        {"appointment_date": "2026-03-10"},
        {"appointment_date": "2026-03-10", "start_time": "03:00"},
        {"starts_at": "2026-03-10T14:00:00+08:00"},
    ],
)
def test_it_moves_to_a_date(stay, fang, place, to):
    row = data_of(caller(fang).post(f"appointments/{stay.code}/reschedule", to))

    assert (row["check_in"], row["check_out"]) == ("2026-03-10", "2026-03-12")
    assert night_claims(place) == 2


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({"appointment_date": "9999-12-31"}, "too_far_ahead"),
        ({"starts_at": "9999-12-31T23:59:59+00:00"}, "too_far_ahead"),
        ({"starts_at": "0001-01-01T00:00:00+00:00"}, "too_soon"),
        ({"appointment_date": "0001-01-01"}, "too_soon"),
        ({"start_time": "14:00"}, "invalid"),
        ({}, "invalid"),
    ],
)
def test_it_does_not_move_off_the_calendar(stay, fang, to, code):
    refusal_of(caller(fang).post(f"appointments/{stay.code}/reschedule", to), 400, code)


def test_what_is_no_stay_needs_a_time(store, wei, fang):
    talk = book(store, clock("10:00"), customer=fang)

    answer = caller(fang).post(
        f"appointments/{talk.code}/reschedule", {"appointment_date": "2026-03-03"}
    )

    assert "start_time" in refusal_of(answer, 400, "invalid")


def test_cancelled_by_its_code(stay, fang, place):
    data_of(caller(fang).post(f"appointments/{stay.code}/cancel", {"reason": "ill"}))

    assert night_claims(place) == 0


def test_its_calendar_entry(stay, fang):
    file = caller(fang).get(f"appointments/{stay.code}.ics").content.decode()

    assert "SUMMARY:Boarding: Home" in file
    assert "DTSTART:20260303T060000Z" in file
    assert "DTEND:20260305T040000Z" in file


def test_its_history(stay, fang, place):
    services.move_stay(stay, THURSDAY, by=Actor.of(fang), at=NOW)

    rows = data_of(caller(fang).get(f"appointments/{stay.code}/history"))

    assert rows[-1]["action"] == "rescheduled"
    assert rows[-1]["details"] == {"from": "2026-03-03", "to": "2026-03-05"}
