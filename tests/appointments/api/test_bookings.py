"""/api/v1/bookings: seats of sessions, booked, listed and changed in Document 3's names."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Hold
from tests.callers import caller, data_of, refusal_of

from ..courses import child_of, lock, paid_seat, session_at, take_seat, teach, teaching
from ..world import (
    HOUR,
    MINUTE,
    NOW,
    TUESDAY,
    book,
    clock,
    hire,
    manager,
    open_store,
    register,
)

BOOKINGS = "/api/v1/bookings"
TEN = clock("10:00")
FIELDS = {
    *("id", "appointmentCode", "courseId", "courseName", "teacherId", "teacherName"),
    *("institutionId", "institutionName", "studentId", "studentName", "studentEmail"),
    *("studentPhone", "childId", "childName", "slotId", "packageId", "bookingDate", "startTime"),
    *("endTime", "startsAt", "duration", "status", "paymentStatus", "price", "commission"),
    *("finalPrice", "currency", "dueNow", "payBefore", "cancelFee", "studentNote", "teacherNote"),
    *("createdAt", "updatedAt", "confirmedAt", "cancelledAt", "completedAt"),
}


@pytest.fixture
def piano(store):
    """Mei confirms each student; her commission is a tenth."""
    mei = hire(store, "Mei", commission_percent=10)
    return teach(store, teacher=mei, needs_approval=True)


@pytest.fixture
def lesson(piano):
    return session_at(piano, TEN, capacity=2)


@pytest.fixture
def mei(piano):
    return caller(piano.realtor.user)


def pks(*bookings):
    return [str(one.pk) for one in bookings]


def ids(answer):
    return [row["id"] for row in data_of(answer)]


def path_of(booking, more=""):
    return f"{BOOKINGS}/{booking.pk}{more}"


# Booking


def test_a_seat_is_booked_at_the_price_of_its_session(piano, fang):
    dear = session_at(piano, TEN, price_modifier=50)

    made = data_of(caller(fang).post(BOOKINGS, {"slotId": dear.pk, "notes": "left-handed"}), 201)

    assert set(made) == FIELDS
    assert (made["status"], made["paymentStatus"]) == ("pending", "unpaid")
    assert (made["price"], made["finalPrice"], made["commission"]) == (150, 150, 15)
    assert (made["dueNow"], made["currency"], made["cancelFee"]) == (150, "CNY", 0)
    assert made["payBefore"] == "2026-03-02T08:05:00+08:00"
    assert (made["studentId"], made["studentName"]) == (str(fang.pk), "Fang")
    assert (made["studentEmail"], made["studentNote"]) == (fang.email, "left-handed")
    assert (made["childId"], made["packageId"], made["confirmedAt"]) == (None, None, None)


def test_an_id_may_be_a_number_or_a_string(lesson, piano, fang, bo):
    as_text = {"slotId": str(lesson.pk), "courseId": str(piano.pk), "lockToken": ""}
    as_number = {"slotId": lesson.pk, "courseId": piano.pk, "teacherId": piano.realtor_id}

    data_of(caller(fang).post(BOOKINGS, as_text), 201)
    data_of(caller(bo).post(BOOKINGS, as_number), 201)


def test_what_is_free_is_not_owed_and_where_nobody_is_asked_it_stands(store, fang):
    free = teach(store, "Yun", title="Open day", price=0)

    made = data_of(caller(fang).post(BOOKINGS, {"slotId": session_at(free, TEN).pk}), 201)

    assert (made["status"], made["paymentStatus"], made["payBefore"]) == ("confirmed", "paid", None)


def test_of_a_deposit_the_rest_is_paid_there(store, fang):
    course = teach(store, "Yun", deposit_percent=30)

    made = data_of(caller(fang).post(BOOKINGS, {"slotId": session_at(course, TEN).pk}), 201)

    assert (made["finalPrice"], made["dueNow"]) == (100, 30)


def test_once_paid_there_is_no_bound_any_more(lesson, fang):
    paid = paid_seat(lesson, fang)

    row = data_of(caller(fang).get(path_of(paid)))

    assert (row["paymentStatus"], row["payBefore"], row["status"]) == ("paid", None, "pending")


def test_it_is_for_a_child_of_the_caller(lesson, fang, bo):
    own, foreign = child_of(fang, "Xiao Bo"), child_of(bo, "Xiao Mei")
    app = caller(fang)

    made = data_of(app.post(BOOKINGS, {"slotId": lesson.pk, "childId": own.pk}), 201)

    assert (made["childId"], made["childName"]) == (str(own.pk), "Xiao Bo")
    for wrong in (foreign.pk, 987654, "child-123"):
        answer = app.post(BOOKINGS, {"slotId": lesson.pk, "childId": wrong})
        assert set(refusal_of(answer, 404, "not_found")) == {"childId"}


def test_what_is_not_for_the_caller_to_say_is_not_heard(lesson, fang, bo):
    said = {
        "slotId": lesson.pk,
        "price": 1,
        "finalPrice": 1,
        "commission": 0,
        "status": "confirmed",
        "paymentStatus": "paid",
        "studentId": bo.pk,
        "studentName": "Bo",
        "teacherNote": "kind",
    }

    made = data_of(caller(fang).post(BOOKINGS, said), 201)

    assert (made["price"], made["finalPrice"], made["commission"]) == (100, 100, 10)
    assert (made["status"], made["paymentStatus"]) == ("pending", "unpaid")
    assert (made["studentId"], made["studentName"]) == (str(fang.pk), "Fang")
    assert Appointment.objects.get().provider_note == ""


def test_a_lock_becomes_the_booking(piano, fang, bo):
    single = session_at(piano, TEN, capacity=1)
    held = data_of(caller(fang).post(f"/api/v1/slots/{single.pk}/lock"), 201)

    refusal_of(caller(bo).post(BOOKINGS, {"slotId": single.pk}), 400, "slot_taken")
    body = {"slotId": single.pk, "lockToken": held["lockToken"]}
    data_of(caller(fang).post(BOOKINGS, body), 201)

    assert not Hold.objects.exists()


def test_another_s_lock_and_one_that_has_run_out_are_no_lock(piano, fang, bo, now):
    single = session_at(piano, TEN, capacity=3)
    foreign, own = lock(single, bo), lock(single, fang)
    app = caller(fang)

    answer = app.post(BOOKINGS, {"slotId": single.pk, "lockToken": foreign.token})
    refusal_of(answer, 409, "hold_expired")
    now.move_to(NOW + 5 * MINUTE)
    answer = app.post(BOOKINGS, {"slotId": single.pk, "lockToken": own.token})
    refusal_of(answer, 409, "hold_expired")


def test_that_it_is_full_is_said_before_what_else_is_wrong(piano, fang, bo, now):
    single = session_at(piano, TEN, capacity=1)
    own = lock(single, fang)
    now.move_to(NOW + 5 * MINUTE)
    data_of(caller(bo).post(BOOKINGS, {"slotId": single.pk}), 201)

    for wrong in ({"lockToken": own.token}, {"childId": "child-456"}, {"courseId": "course-456"}):
        answer = caller(fang).post(BOOKINGS, {"slotId": single.pk} | wrong)
        refusal_of(answer, 400, "slot_taken")


def test_a_repeated_booking_books_once(lesson, fang):
    body = {"slotId": lesson.pk}

    first, second = (caller(fang).post(BOOKINGS, body, Idempotency_Key="k1") for _try in range(2))

    assert data_of(second, 201) == data_of(first, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert Appointment.objects.count() == 1
    other = caller(fang).post(BOOKINGS, body | {"notes": "x"}, Idempotency_Key="k1")
    refusal_of(other, 409, "idempotency_mismatch")


# What is said first


@pytest.fixture
def wrong_in_every_way(store, piano, fang):
    """Full, blocked, of another course, while Fang is promised elsewhere: (session, body)."""
    full = session_at(piano, TEN, capacity=1)
    other = teach(store, "Yun", title="Violin")
    book(store, TEN, customer=fang, realtor=hire(store, "Wei"))
    return full, {"slotId": full.pk, "courseId": other.pk, "teacherId": "teacher-456"}


def test_refusals_come_in_their_order(wrong_in_every_way, piano, fang, bo):
    slot, body = wrong_in_every_way
    app, teacher = caller(fang), teaching(piano)
    taken = take_seat(slot, bo)
    services.block_session(slot, by=teacher, at=NOW)

    refusal_of(app.post(BOOKINGS, body | {"slotId": 987654}), 404, "not_found")
    refusal_of(app.post(BOOKINGS, body), 400, "slot_taken")
    services.cancel(taken, by=teacher, at=NOW)
    assert refusal_of(app.post(BOOKINGS, body), 400, "invalid") == {}
    services.unblock_session(slot, by=teacher, at=NOW)
    assert set(refusal_of(app.post(BOOKINGS, body), 400, "invalid")) == {"courseId"}
    body["courseId"] = piano.pk
    assert set(refusal_of(app.post(BOOKINGS, body), 400, "invalid")) == {"teacherId"}
    body["teacherId"] = piano.realtor_id
    refusal_of(app.post(BOOKINGS, body), 400, "customer_conflict")
    assert Appointment.objects.filter(session=slot).count() == 1


def test_what_has_begun_or_was_completed_cannot_be_booked(lesson, piano, fang, now):
    now.move_to(TEN)
    refusal_of(caller(fang).post(BOOKINGS, {"slotId": lesson.pk}), 400, "invalid")

    now.move_to(TEN + HOUR)
    services.complete_session(lesson, by=teaching(piano), at=TEN + HOUR)
    refusal_of(caller(fang).post(BOOKINGS, {"slotId": lesson.pk}), 400, "invalid")


def test_what_was_called_off_or_is_of_a_draft_is_not_there(lesson, piano, fang):
    tomorrow = session_at(piano, clock("10:00", TUESDAY))
    services.call_off_session(tomorrow, by=teaching(piano), at=NOW)
    refusal_of(caller(fang).post(BOOKINGS, {"slotId": tomorrow.pk}), 404, "not_found")

    piano.status = "draft"
    piano.save()
    refusal_of(caller(fang).post(BOOKINGS, {"slotId": lesson.pk}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "slotId"),
        ({"slotId": None}, "slotId"),
        ({"slotIds": []}, "slotId"),
        ({"slotId": True}, "slotId"),
        ({"slotIds": "1"}, "slotIds"),
        ({"slotIds": list(range(51))}, "slotIds"),
        ({"slotId": 1, "notes": "x" * 1001}, "notes"),
        ({"slotId": 1, "lockToken": "x" * 65}, "lockToken"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_makes_no_sense_is_refused_by_field(db, fang, body, field):
    assert set(refusal_of(caller(fang).post(BOOKINGS, body), 400, "invalid")) == {field}


def test_a_seat_in_one_s_own_course_is_refused(lesson, mei):
    refusal_of(mei.post(BOOKINGS, {"slotId": lesson.pk}), 400, "invalid")


# Packages


@pytest.fixture
def series(store):
    course = teach(store, "Yun", title="Swimming", attributes={"package_sessions": 3})
    return [session_at(course, TEN + timedelta(days=n), capacity=1) for n in range(4)]


def test_a_package_is_booked_and_owed_together(series, fang):
    answer = caller(fang).post(BOOKINGS, {"slotIds": pks(*series[:3]), "notes": "ear plugs"})

    made = data_of(answer, 201)
    assert (made["finalPrice"], made["dueNow"], made["currency"]) == (300, 300, "CNY")
    assert made["payBefore"] == "2026-03-02T08:05:00+08:00"
    assert [row["slotId"] for row in made["bookings"]] == pks(*series[:3])
    assert {row["packageId"] for row in made["bookings"]} == {made["packageId"]}
    assert {row["studentNote"] for row in made["bookings"]} == {"ear plugs"}


def test_one_taken_session_keeps_the_whole_package_away(series, fang, bo):
    app = caller(bo)
    data_of(app.post(BOOKINGS, {"slotIds": pks(series[0], series[1], series[3])}), 201)

    refusal_of(caller(fang).post(BOOKINGS, {"slotIds": pks(*series[:3])}), 400, "slot_taken")

    assert not Appointment.objects.filter(user=fang).exists()


def test_a_package_is_of_so_many_sessions_of_one_course(series, lesson, fang):
    app = caller(fang)
    for wrong in (series[:2], [*series[:2], series[0]], [*series[:2], lesson]):
        answer = app.post(BOOKINGS, {"slotIds": pks(*wrong)})
        assert set(refusal_of(answer, 400, "invalid")) == {"slotIds"}
    alone = app.post(BOOKINGS, {"slotId": series[0].pk})
    assert set(refusal_of(alone, 400, "invalid")) == {"slotIds"}
    unknown = app.post(BOOKINGS, {"slotIds": [*pks(*series[:2]), "slot-123"]})
    refusal_of(unknown, 404, "not_found")


def test_what_is_booked_alone_may_be_said_as_a_list_of_one(lesson, fang):
    made = data_of(caller(fang).post(BOOKINGS, {"slotIds": [lesson.pk]}), 201)

    assert (made["packageId"], len(made["bookings"])) == (None, 1)


# Listing


@pytest.fixture
def books(store, piano, lesson, fang, bo):
    """Fang's and Bo's with Mei, and one of Fang's with Yun in another store; and an appointment
    that is no seat."""
    yun = teach(open_store("bund"), "Yun", title="Violin")
    book(store, clock("16:00"), customer=fang, realtor=hire(store, "Wei"))
    return {
        "fang": paid_seat(lesson, fang),
        "bo": take_seat(lesson, bo),
        "yun": paid_seat(session_at(yun, clock("10:00", TUESDAY)), fang),
    }


def test_a_student_sees_their_own_the_latest_start_first(books, fang):
    answer = caller(fang).get(BOOKINGS)

    assert ids(answer) == pks(books["yun"], books["fang"])
    assert set(data_of(answer)[0]) == FIELDS
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 2}


def test_a_teacher_sees_their_sessions_and_staff_their_stores(books, mei, store):
    theirs = pks(books["bo"], books["fang"])

    assert ids(mei.get(BOOKINGS)) == theirs
    assert ids(caller(manager(store).user).get(BOOKINGS)) == theirs
    assert ids(caller(register("Lan")).get(BOOKINGS)) == []


def test_they_are_filtered(books, piano, fang):
    root = caller(register("Root", is_staff=True, is_superuser=True))

    def found(**query):
        return set(ids(root.get(BOOKINGS, **query)))

    assert found(status="confirmed") == set(pks(books["yun"]))
    assert found(courseId=piano.pk) == set(pks(books["fang"], books["bo"]))
    assert found(bookingDate="2026-03-03") == set(pks(books["yun"]))
    assert found(paymentStatus="unpaid") == set(pks(books["bo"]))
    assert found(paymentStatus="paid", status="pending") == set(pks(books["fang"]))
    assert found(paymentStatus="refunded") == found(courseId=987654) == set()
    assert found(bookingDate="9999-12-31") == set()


def test_nothing_owed_is_found_among_the_paid(store, fang):
    free = teach(store, "Yun", price=0)
    booked = take_seat(session_at(free, TEN), fang)

    assert ids(caller(fang).get(BOOKINGS, paymentStatus="paid")) == pks(booked)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"paymentStatus": "not_required"}, "paymentStatus"),
        ({"bookingDate": "today"}, "bookingDate"),
        ({"page": "0"}, "page"),
    ],
    ids=repr,
)
def test_a_query_that_makes_no_sense_is_refused_by_field(fang, query, field):
    assert set(refusal_of(caller(fang).get(BOOKINGS, **query), 400, "invalid")) == {field}


def test_what_is_no_course_s_id_is_not_found(fang):
    refusal_of(caller(fang).get(BOOKINGS, courseId="course-123"), 404, "not_found")


@pytest.mark.parametrize("whose", ["student", "manager"])
def test_the_number_of_queries_does_not_grow(piano, store, fang, whose):
    app = caller(fang if whose == "student" else manager(store).user)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            data_of(app.get(BOOKINGS, limit=100))
        return len(queries)

    take_seat(session_at(piano, TEN), fang, child=child_of(fang, "One"))
    few = queries()
    for n in range(9):
        take_seat(session_at(piano, TEN + timedelta(days=n + 1)), fang)

    assert queries() == few <= 8


def test_a_teacher_s_note_is_not_for_the_student(books, mei, fang, store):
    services.write_note(books["fang"], text="talented", by=manager(store), at=NOW)

    assert data_of(mei.get(path_of(books["fang"])))["teacherNote"] == "talented"
    assert data_of(caller(fang).get(path_of(books["fang"])))["teacherNote"] is None


def test_an_appointment_that_is_no_seat_is_no_booking(store, fang):
    plain = book(store, TEN, customer=fang, realtor=hire(store, "Wei"))

    refusal_of(caller(fang).get(path_of(plain)), 404, "not_found")
    refusal_of(caller(fang).put(path_of(plain, "/cancel")), 404, "not_found")


# Its life


def test_confirming_waits_for_the_payment(lesson, mei, fang):
    booked = take_seat(lesson, fang)
    refusal_of(mei.put(path_of(booked, "/confirm")), 400, "payment_required")
    services.note_paid(booked, at=NOW)

    done = data_of(mei.put(path_of(booked, "/confirm")))

    assert (done["status"], done["confirmedAt"]) == ("confirmed", "2026-03-02T08:00:00+08:00")
    refusal_of(mei.put(path_of(booked, "/confirm")), 409, "invalid_transition")


def test_calling_it_off_costs_what_was_agreed(store, fang):
    course = teach(store, "Yun", fee_steps=[[1440, 50]])
    booked = paid_seat(session_at(course, TEN), fang)

    done = data_of(caller(fang).put(path_of(booked, "/cancel"), {"reason": "ill"}))

    assert (done["status"], done["cancelFee"]) == ("cancelled", 50)
    booked.refresh_from_db()
    assert booked.cancel_reason == "ill"


def test_a_teacher_calls_it_off_at_no_cost(lesson, mei, fang):
    booked = paid_seat(lesson, fang)

    assert data_of(mei.put(path_of(booked, "/cancel")))["cancelFee"] == 0


def test_a_seat_moves_to_another_session(lesson, piano, fang, bo):
    booked, other = paid_seat(lesson, fang), session_at(piano, clock("14:00"), capacity=1)
    app, path = caller(fang), path_of(booked, "/reschedule")

    moved = data_of(app.put(path, {"slotId": other.pk}))

    assert (moved["slotId"], moved["startTime"]) == (str(other.pk), "14:00")
    full = session_at(piano, clock("16:00"), capacity=1)
    take_seat(full, bo)
    refusal_of(app.put(path, {"slotId": full.pk}), 400, "slot_taken")
    refusal_of(app.put(path, {"slotId": "slot-123"}), 404, "not_found")
    assert set(refusal_of(app.put(path), 400, "invalid")) == {"slotId"}


def test_who_came_and_who_did_not_is_said_once_it_has_begun(lesson, piano, mei, fang, bo, now):
    present, absent = paid_seat(lesson, fang), paid_seat(lesson, bo)
    for one in (present, absent):
        services.accept(one, by=teaching(piano), at=NOW)
        refusal_of(mei.put(path_of(one, "/complete")), 409, "invalid_transition")
        refusal_of(mei.put(path_of(one, "/no-show")), 409, "invalid_transition")
    now.move_to(TEN + MINUTE)

    assert data_of(mei.put(path_of(absent, "/no-show")))["status"] == "no_show"
    done = data_of(mei.put(path_of(present, "/complete")))

    assert (done["status"], done["completedAt"]) == ("completed", "2026-03-02T10:01:00+08:00")


# The same seat as an appointment


def test_as_an_appointment_it_says_what_was_booked_and_for_how_much(lesson, piano, fang):
    booked = paid_seat(lesson, fang)

    row = data_of(caller(fang).get(f"appointments/{booked.code}"))

    assert row["listing_id"] == str(piano.pk)
    assert (row["price"], row["final_price"], row["currency"]) == (100, 100, "CNY")
    assert row["payment_status"] == "paid"
    refused = services.cancel(booked, by=teaching(piano), at=NOW)
    services.note_refunded(refused, by=teaching(piano), at=NOW)
    assert data_of(caller(fang).get(f"appointments/{booked.code}"))["payment_status"] == "refunded"


def test_its_history_tells_of_the_money(lesson, piano, fang):
    booked = paid_seat(lesson, fang)
    services.cancel(booked, by=teaching(piano), at=NOW)
    services.note_refunded(booked, by=teaching(piano), at=NOW)

    rows = data_of(caller(fang).get(f"appointments/{booked.code}/history"))

    actions = [row["action"] for row in rows]
    assert [one for one in actions if one in ("paid", "cancelled", "refunded")] == [
        "paid",
        "cancelled",
        "refunded",
    ]


def test_its_calendar_entry_names_the_course_and_who_will_sit_there(lesson, fang):
    booked = paid_seat(lesson, fang, child=child_of(fang, "Xiao Bo"))

    def entry(app):
        folded = app.get(f"appointments/{booked.code}.ics").content.decode()
        return folded.replace("\r\n ", "")

    own, anybody_s = entry(caller(fang)), entry(caller())

    assert "SUMMARY:Course: Piano" in own
    assert "SUMMARY:Course: Piano" in anybody_s
    assert "Xiao Bo" in own
    assert "Xiao Bo" not in anybody_s
