"""The sessions of courses and teachers: shown, planned, changed, locked, wished for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Hold, SeatWish, Session, SessionStatus
from tests.callers import caller, data_of, refusal_of

from ..courses import lock, paid_seat, session_at, take_seat, teach, teaching
from ..world import HOUR, MINUTE, NOW, TUESDAY, away, book, clock, manager, open_store, register

TEN = clock("10:00")
ONE = {"slotDate": "2026-03-02", "startTime": "10:00"}


@pytest.fixture
def piano(store):
    return teach(store)


@pytest.fixture
def mei(piano):
    return caller(piano.realtor.user)


@pytest.fixture
def lesson(piano):
    return session_at(piano, TEN, capacity=2)


def slots(answer):
    return data_of(answer)["slots"]


def of_course(course, app=None, **query):
    return slots((app or caller()).get(f"/api/v1/courses/{course.pk}/slots", **query))


def of_teacher(course, **query):
    return slots(caller().get(f"/api/v1/teachers/{course.realtor_id}/slots", **query))


def path_of(session, more=""):
    return f"/api/v1/slots/{session.pk}{more}"


# Shown


def test_a_slot_says_when_for_how_much_and_how_many_seats(piano, lesson, fang):
    paid_seat(lesson, fang)

    (row,) = of_course(piano)

    assert row == {
        "id": str(lesson.pk),
        "courseId": str(piano.pk),
        "teacherId": str(piano.realtor_id),
        "institutionId": str(piano.store_id),
        "slotDate": "2026-03-02",
        "startTime": "10:00",
        "endTime": "11:00",
        "startsAt": "2026-03-02T10:00:00+08:00",
        "duration": 60,
        "capacity": 2,
        "bookedCount": 1,
        "status": "available",
        "priceModifier": 0,
        "price": 100,
        "currency": "CNY",
    }


def test_live_locks_count_and_expired_ones_and_the_unpaid_do_not(piano, lesson, fang, bo, now):
    lock(lesson, fang)
    take_seat(lesson, bo)
    assert [(row["bookedCount"], row["status"]) for row in of_course(piano)] == [(2, "booked")]

    now.move_to(NOW + 5 * MINUTE)

    assert [(row["bookedCount"], row["status"]) for row in of_course(piano)] == [(0, "available")]


def test_a_slot_is_blocked_by_its_teacher_by_the_clock_and_by_the_calendar(piano, store):
    blocked = session_at(piano, clock("15:00"))
    services.block_session(blocked, by=teaching(piano), at=NOW)
    soon = session_at(piano, clock("08:15"), override=True)
    far = session_at(piano, TEN + timedelta(days=181))

    rows = of_course(piano, dateFrom="2026-03-02", dateTo="2026-12-31")

    assert {row["id"]: row["status"] for row in rows} == {
        str(one.pk): "blocked" for one in (soon, blocked, far)
    }


def test_what_is_over_is_completed_and_what_was_called_off_is_gone(piano, lesson, now):
    gone = session_at(piano, clock("14:00"))
    services.call_off_session(gone, by=teaching(piano), at=NOW)
    now.move_to(clock("11:30"))

    assert [(row["id"], row["status"]) for row in of_course(piano)] == [
        (str(lesson.pk), "completed")
    ]


def test_the_days_are_those_that_can_be_booked_unless_others_are_named(piano, lesson):
    tomorrow = session_at(piano, clock("10:00", TUESDAY))
    far = session_at(piano, TEN + timedelta(days=200))

    def found(**query):
        return [row["id"] for row in of_course(piano, **query)]

    assert found() == [str(lesson.pk), str(tomorrow.pk)]
    assert found(dateFrom="2026-03-03") == [str(tomorrow.pk)]
    assert found(dateTo="2026-03-02") == [str(lesson.pk)]
    assert found(dateFrom="2026-09-01", dateTo="2026-09-30") == [str(far.pk)]
    assert found(dateFrom="2026-03-03", dateTo="2026-03-02") == []
    assert found(dateFrom="9999-12-31") == found(dateTo="0001-01-01") == []


def test_a_range_without_end_is_refused(piano):
    answer = caller().get(f"/api/v1/courses/{piano.pk}/slots", dateTo="2999-01-01")

    assert set(refusal_of(answer, 400, "invalid")) == {"dateTo"}


def test_a_teacher_s_slots_are_those_of_all_their_courses(store, piano, lesson):
    violin = teach(store, teacher=piano.realtor, title="Violin")
    other = session_at(violin, clock("14:00"))
    tomorrow = session_at(violin, clock("10:00", TUESDAY))
    session_at(teach(store, "Yun", title="Swimming"), TEN)

    today = of_teacher(piano, date="2026-03-02")

    assert [row["id"] for row in today] == [str(lesson.pk), str(other.pk)]
    assert [row["id"] for row in of_teacher(piano)][-1] == str(tomorrow.pk)
    assert of_teacher(piano, date="9999-12-31") == []
    refusal_of(caller().get("/api/v1/teachers/teacher-123/slots"), 404, "not_found")


def test_days_are_those_of_the_store_s_calendar(db):
    auckland = open_store("auckland", zone="Pacific/Auckland", opens="00:00", closes="00:00")
    course = teach(auckland)
    early = session_at(course, clock("00:30", TUESDAY, auckland.zone))

    (row,) = of_course(course, dateFrom="2026-03-03", dateTo="2026-03-03")

    assert (row["id"], row["startTime"]) == (str(early.pk), "00:30")


@pytest.mark.parametrize("of", [of_course, of_teacher])
def test_the_number_of_queries_does_not_grow(piano, fang, of):
    def queries():
        with CaptureQueriesContext(connection) as queries:
            of(piano)
        return len(queries)

    paid_seat(session_at(piano, TEN), fang)
    few = queries()
    for n in range(12):
        session_at(piano, TEN + timedelta(days=n + 1))

    assert queries() == few <= 8


# Planned


def plan(app, course, body, **headers):
    return app.post(f"/api/v1/courses/{course.pk}/slots", body, **headers)


def test_a_teacher_plans_a_session(piano, mei):
    made = data_of(plan(mei, piano, ONE | {"capacity": 3, "priceModifier": -20.5}), 201)

    assert (made["startTime"], made["endTime"], made["status"]) == ("10:00", "11:00", "available")
    assert (made["capacity"], made["priceModifier"], made["price"]) == (3, -20.5, 79.5)


def test_its_length_is_said_by_its_end_or_in_minutes(piano, mei):
    until = data_of(plan(mei, piano, ONE | {"endTime": "11:30"}), 201)
    minutes = {"slotDate": "2026-03-02", "startTime": "14:00", "duration": 45}

    assert (until["duration"], until["endTime"]) == (90, "11:30")
    assert data_of(plan(mei, piano, minutes), 201)["endTime"] == "14:45"


def test_an_end_before_the_start_is_the_next_day_s(piano, mei):
    late = {"slotDate": "2026-03-02", "startTime": "23:00", "endTime": "00:30", "override": True}

    assert data_of(plan(mei, piano, late), 201)["duration"] == 90


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"slotDate": "2026-03-01"}, "too_soon", None),
        ({"slotDate": "2029-03-01"}, "too_far_ahead", None),
        ({"slotDate": "9999-12-31", "startTime": "23:55"}, "too_far_ahead", None),
        ({"slotDate": "0001-01-01", "startTime": "00:30"}, "invalid", "startTime"),
        ({"startTime": "10:03"}, "not_on_grid", None),
        ({"startTime": "20:00"}, "outside_business_hours", None),
        ({"startTime": "25:00"}, "invalid", "startTime"),
        ({"duration": 7}, "invalid", "duration"),
        ({"duration": 60, "endTime": "11:00"}, "invalid", "duration"),
        ({"capacity": 0}, "invalid", "capacity"),
        ({"priceModifier": -100.01}, "invalid", "priceModifier"),
        ({"priceModifier": 1e9}, "invalid", "priceModifier"),
        ({"dateFrom": "2026-03-02"}, "invalid", "dateFrom"),
    ],
    ids=repr,
)
def test_a_session_that_cannot_be_is_refused(piano, mei, wrong, code, field):
    errors = refusal_of(plan(mei, piano, ONE | wrong), 400, code)

    assert set(errors) == ({field} if field else set())
    assert not Session.objects.exists()


def test_a_time_that_the_clock_jumps_over_is_refused(db):
    berlin = open_store("berlin", zone="Europe/Berlin", opens="00:00", closes="00:00")
    course = teach(berlin)
    night = {"slotDate": "2026-03-29", "startTime": "02:30"}

    errors = refusal_of(plan(caller(course.realtor.user), course, night), 400, "invalid")

    assert set(errors) == {"startTime"}


def test_a_teacher_who_is_promised_elsewhere_plans_nothing_then(piano, mei, store, fang):
    book(store, TEN, customer=fang, realtor=piano.realtor)

    refusal_of(plan(mei, piano, ONE), 409, "slot_taken")


def test_time_off_stands_in_the_way_unless_somebody_knows_better(piano, mei):
    away(piano.realtor, TEN, TEN + HOUR)

    refusal_of(plan(mei, piano, ONE), 409, "slot_taken")
    data_of(plan(mei, piano, ONE | {"override": True}), 201)


def test_what_recurs_tells_what_it_made_and_could_not_make(piano, mei):
    away(piano.realtor, clock("09:00", TUESDAY), clock("18:00", TUESDAY))
    weekly = {
        "weekdays": [1, 3],
        "startTime": "14:00",
        "dateFrom": "2026-03-02",
        "dateTo": "2026-03-12",
    }

    made = data_of(plan(mei, piano, weekly | {"capacity": 2}), 201)

    assert [row["slotDate"] for row in made["slots"]] == ["2026-03-05", "2026-03-10", "2026-03-12"]
    assert {row["capacity"] for row in made["slots"]} == {2}
    assert [(row["slotDate"], row["reason"]) for row in made["skipped"]] == [("2026-03-03", "away")]
    assert (made["weekdays"], made["startTime"]) == ([1, 3], "14:00")
    assert (made["dateTo"], made["madeUntil"]) == ("2026-03-12", "2026-03-12")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"dateTo": "2026-03-01"}, "dateTo"),
        ({"startTime": "14:03"}, "startTime"),
        ({"slotDate": "2026-03-02"}, "slotDate"),
        ({"override": True}, "override"),
        ({"duration": 60}, "duration"),
    ],
    ids=repr,
)
def test_what_cannot_recur_is_refused_by_its_name(piano, mei, wrong, field):
    weekly = {"weekdays": [1], "startTime": "14:00", "dateFrom": "2026-03-02"}

    assert set(refusal_of(plan(mei, piano, weekly | wrong), 400, "invalid")) == {field}
    assert not Session.objects.exists()


def test_what_says_neither_day_nor_weekdays_is_refused(piano, mei):
    answer = plan(mei, piano, {"startTime": "14:00"})
    weekly = plan(mei, piano, {"startTime": "14:00", "weekdays": [1]})

    assert set(refusal_of(answer, 400, "invalid")) == {"slotDate"}
    assert set(refusal_of(weekly, 400, "invalid")) == {"dateFrom"}


def test_a_repeated_post_plans_one_session(piano, mei):
    first, second = (plan(mei, piano, ONE, Idempotency_Key="k1") for _try in range(2))

    assert data_of(second, 201) == data_of(first, 201)
    assert Session.objects.count() == 1


# Changed


def test_seats_and_price_change_while_people_sit_there(lesson, mei, fang):
    paid_seat(lesson, fang)

    changed = data_of(mei.patch(path_of(lesson), {"capacity": 5, "priceModifier": 10}))

    assert (changed["capacity"], changed["bookedCount"], changed["price"]) == (5, 1, 110)


def test_there_are_never_fewer_seats_than_people(lesson, mei, fang, bo):
    paid_seat(lesson, fang)
    paid_seat(lesson, bo)

    errors = refusal_of(mei.patch(path_of(lesson), {"capacity": 1}), 400, "invalid")

    assert set(errors) == {"capacity"}


def test_its_time_changes_while_nobody_has_a_seat(lesson, mei, fang):
    later = data_of(mei.patch(path_of(lesson), {"startTime": "14:00"}))
    assert (later["slotDate"], later["startTime"], later["endTime"]) == (
        "2026-03-02",
        "14:00",
        "15:00",
    )
    longer = data_of(mei.patch(path_of(lesson), {"endTime": "16:00"}))
    assert (longer["startTime"], longer["duration"]) == ("14:00", 120)
    tomorrow = data_of(mei.patch(path_of(lesson), {"slotDate": "2026-03-03"}))
    assert (tomorrow["slotDate"], tomorrow["duration"]) == ("2026-03-03", 120)

    lesson.refresh_from_db()
    paid_seat(lesson, fang)
    errors = refusal_of(mei.patch(path_of(lesson), {"startTime": "15:00"}), 400, "invalid")
    assert set(errors) == {"startTime"}


def test_a_slot_is_blocked_and_opened_again(lesson, mei):
    blocked = data_of(mei.patch(path_of(lesson), {"status": "blocked", "reason": "rehearsal"}))
    lesson.refresh_from_db()
    assert (blocked["status"], lesson.reason) == ("blocked", "rehearsal")

    assert data_of(mei.patch(path_of(lesson), {"status": "available"}))["status"] == "available"


def test_a_slot_is_called_off_with_its_seats(lesson, mei, piano, fang):
    booked = paid_seat(lesson, fang)

    gone = data_of(mei.patch(path_of(lesson), {"status": "cancelled", "reason": "ill"}))

    booked.refresh_from_db()
    assert (gone["status"], gone["bookedCount"]) == ("cancelled", 0)
    assert (booked.status, booked.cancel_fee) == ("cancelled", 0)
    assert of_course(piano) == []
    refusal_of(mei.patch(path_of(lesson), {"status": "available"}), 409, "invalid_transition")


def test_a_slot_is_completed_once_it_has_begun(lesson, mei, fang, now):
    booked = paid_seat(lesson, fang)
    refusal_of(mei.patch(path_of(lesson), {"status": "completed"}), 409, "invalid_transition")

    now.move_to(clock("10:50"))

    assert data_of(mei.patch(path_of(lesson), {"status": "completed"}))["status"] == "completed"
    booked.refresh_from_db()
    assert booked.status == "completed"


def test_that_a_slot_is_booked_is_counted_and_not_said(lesson, mei):
    errors = refusal_of(mei.patch(path_of(lesson), {"status": "booked"}), 400, "invalid")

    assert set(errors) == {"status"}


def test_what_is_not_for_them_to_say_is_not_heard(lesson, mei, store):
    other = teach(store, "Yun", title="Violin")
    said = {"courseId": other.pk, "teacherId": other.realtor_id, "bookedCount": 0, "price": 1}

    row = data_of(mei.patch(path_of(lesson), said))

    assert (row["courseId"], row["price"]) == (str(lesson.listing_id), 100)


# Locked


def test_a_lock_keeps_a_seat_for_five_minutes(lesson, fang):
    held = data_of(caller(fang).post(path_of(lesson, "/lock")), 201)

    assert held["slotId"] == str(lesson.pk)
    assert held["lockToken"] == Hold.objects.get().token
    assert held["lockedUntil"] == "2026-03-02T08:05:00+08:00"


def test_a_full_session_has_nothing_to_lock(lesson, fang, bo):
    paid_seat(lesson, bo)
    lock(lesson, register("Chun"))

    refusal_of(caller(fang).post(path_of(lesson, "/lock")), 400, "slot_taken")


def test_locking_again_begins_anew(lesson, fang, now):
    first = data_of(caller(fang).post(path_of(lesson, "/lock")), 201)
    now.move_to(NOW + 3 * MINUTE)

    second = data_of(caller(fang).post(path_of(lesson, "/lock")), 201)

    assert first["lockToken"] != second["lockToken"]
    assert second["lockedUntil"] == "2026-03-02T08:08:00+08:00"
    assert Hold.objects.count() == 1


def test_who_locks_again_and_again_has_to_stop(lesson, fang, bo):
    for _time in range(40):
        data_of(caller(fang).post(path_of(lesson, "/lock")), 201)

    refusal_of(caller(fang).post(path_of(lesson, "/lock")), 429, "rate_limited")
    assert data_of(caller(bo).post(path_of(lesson, "/lock")), 201)


def test_a_repeated_lock_gives_the_same_token(lesson, fang):
    first, second = (
        caller(fang).post(path_of(lesson, "/lock"), Idempotency_Key="k1") for _try in range(2)
    )

    assert data_of(second, 201) == data_of(first, 201)


def test_a_lock_is_let_go_by_whose_it_is(lesson, piano, fang, bo):
    lock(lesson, fang)

    assert caller(bo).delete(path_of(lesson, "/lock")).status_code == 204
    assert of_course(piano)[0]["bookedCount"] == 1
    assert caller(fang).delete(path_of(lesson, "/lock")).status_code == 204
    assert caller(fang).delete(path_of(lesson, "/lock")).status_code == 204
    assert of_course(piano)[0]["bookedCount"] == 0


@pytest.mark.parametrize("slot_id", ["slot-123", "987654", "9" * 30])
def test_what_is_no_slot_is_not_there(db, fang, slot_id):
    app = caller(fang)

    for more in ("/lock", "/wish"):
        refusal_of(app.post(f"/api/v1/slots/{slot_id}{more}"), 404, "not_found")
        refusal_of(app.delete(f"/api/v1/slots/{slot_id}{more}"), 404, "not_found")
    refusal_of(app.patch(f"/api/v1/slots/{slot_id}", {"capacity": 1}), 404, "not_found")


def test_a_slot_of_a_draft_is_not_there_to_be_locked(lesson, piano, fang):
    piano.status = "draft"
    piano.save()

    refusal_of(caller(fang).post(path_of(lesson, "/lock")), 404, "not_found")


# Wished for


def test_who_waits_for_a_seat_stands_on_the_list_once(lesson, fang):
    app = caller(fang)

    first = data_of(app.post(path_of(lesson, "/wish")), 201)
    data_of(app.post(path_of(lesson, "/wish")), 201)

    assert first == {"slotId": str(lesson.pk), "since": "2026-03-02T08:00:00+08:00"}
    assert SeatWish.objects.count() == 1
    assert app.delete(path_of(lesson, "/wish")).status_code == 204
    assert not SeatWish.objects.exists()


def test_nobody_waits_for_what_cannot_be_booked_any_more(lesson, piano, fang):
    services.call_off_session(lesson, by=teaching(piano), at=NOW)

    refusal_of(caller(fang).post(path_of(lesson, "/wish")), 404, "not_found")


# Who may


def test_only_who_runs_a_course_plans_and_changes_its_slots(piano, lesson, store, wei, fang):
    elsewhere = manager(open_store("bund"), "Yan").user
    changes = {"status": "cancelled"}

    for user in (wei.user, fang, elsewhere):
        refusal_of(plan(caller(user), piano, ONE), 404, "not_found")
        refusal_of(caller(user).patch(path_of(lesson), changes), 404, "not_found")
    refusal_of(plan(caller(), piano, ONE), 401, "unauthenticated")
    for method in ("patch", "post", "delete"):
        more = "" if method == "patch" else "/lock"
        refusal_of(getattr(caller(), method)(path_of(lesson, more)), 401, "unauthenticated")
    refusal_of(caller().post(path_of(lesson, "/wish")), 401, "unauthenticated")
    lesson.refresh_from_db()
    assert lesson.status == SessionStatus.OPEN


def test_staff_of_the_store_plan_and_change(piano, lesson, store):
    boss = caller(manager(store).user)

    data_of(plan(boss, piano, ONE | {"startTime": "15:00"}), 201)
    assert data_of(boss.patch(path_of(lesson), {"status": "blocked"}))["status"] == "blocked"


def test_a_slot_of_a_draft_is_shown_to_its_teacher_alone(piano, lesson, mei):
    piano.status = "draft"
    piano.save()

    refusal_of(caller().get(f"/api/v1/courses/{piano.pk}/slots"), 404, "not_found")
    assert of_teacher(piano) == []
    assert [row["id"] for row in of_course(piano, mei)] == [str(lesson.pk)]
