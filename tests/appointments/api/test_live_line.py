"""Joining the live line, its length for everybody, and who is there to serve it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Claim
from realtors.models import Presence, Realtor
from stores.models import Store
from tests.callers import caller, data_of, refusal_of

from ..world import (
    HOUR,
    LAN,
    MINUTE,
    QIANG,
    acting,
    book,
    clock,
    join,
    manager,
    online,
    open_store,
    phones,
    work_from,
)
from .test_booking import FIELDS
from .test_looking_up import OUTLINE, PRIVATE

TEN = clock("10:00")
CHINESE = {"accept-language": "zh-CN"}
KEY = {"Idempotency_Key": "a1b2c3"}


@pytest.fixture(autouse=True)
def ten_o_clock(now):
    """The store is open, and who is online is at work."""
    now.move_to(TEN)
    return now


@pytest.fixture
def soon(store) -> dict:
    """What Lan's app sends to be served as soon as possible."""
    return {
        "store_id": str(store.pk),
        "asap": True,
        "customer_name": "兰",
        "customer_phone": "138 0000 0001",
        "duration_minutes": 30,
    }


def joined(wish, user=None, **headers):
    return data_of(caller(user, **headers).post("appointments", wish), 201)


def nobody_joined(answer, status, code):
    errors = refusal_of(answer, status, code)
    assert not Appointment.objects.exists()
    return errors


# Joining


def test_a_guest_joins_while_nobody_is_on_duty(store, wei, soon):
    data = joined(soon)

    assert set(data) == FIELDS
    row = Appointment.objects.get()
    assert row.live
    assert data == data | {
        "id": str(row.pk),
        "appointment_code": row.code,
        "user_id": None,
        "store_id": str(store.pk),
        "realtor_id": None,
        "realtor_name": None,
        "realtor_confirmed": False,
        "customer_name": "兰",
        "customer_phone": LAN,
        "duration_minutes": 30,
        "status": "pending",
        "queue_position": 1,
        # Nobody knows, and that is not the same as no wait.
        "estimated_wait_minutes": None,
        "created_at": "2026-03-02T10:00:00+08:00",
    }
    assert not Claim.objects.exists()


def test_who_is_offered_at_once_has_a_realtor_and_waits_for_nobody(store, wei, soon):
    online(wei, at=TEN)

    data = joined(soon)

    assert (data["realtor_id"], data["realtor_name"]) == (str(wei.pk), "Wei")
    assert (data["status"], data["realtor_confirmed"]) == ("pending", False)
    assert (data["queue_position"], data["estimated_wait_minutes"]) == (0, None)


def test_places_and_waits_follow_the_line(store, wei, soon):
    online(wei, at=TEN)

    rows = [joined(soon | {"customer_phone": phone}) for phone in phones(3)]

    assert [row["queue_position"] for row in rows] == [0, 1, 2]
    assert [row["estimated_wait_minutes"] for row in rows] == [None, 60, 120]


def test_the_length_is_the_policys_when_none_is_given(store, wei, soon):
    del soon["duration_minutes"]

    assert joined(soon)["duration_minutes"] == 60


def test_a_customer_joins_in_the_name_of_their_account(store, wei, bo):
    data = joined({"store_id": store.pk, "asap": True}, bo)

    assert (data["user_id"], data["customer_name"]) == (str(bo.pk), "Bo")
    assert data["customer_phone"] == QIANG


def test_the_desk_joins_for_whom_it_names(store, wei, soon):
    data = joined(soon, manager(store).user)

    assert (data["user_id"], data["customer_name"]) == (None, "兰")


def test_after_hours_the_line_is_closed(store, wei, soon, now):
    now.move_to(clock("17:45"))

    nobody_joined(caller().post("appointments", soon), 400, "store_closed")


def test_a_day_without_realtors_has_no_line(store, soon):
    nobody_joined(caller().post("appointments", soon), 400, "store_closed")


def test_a_closed_day_has_no_line(store, wei, soon):
    store.special_days.create(date="2026-03-02")

    nobody_joined(caller().post("appointments", soon), 400, "store_closed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("appointment_date", "2026-03-02"),
        ("start_time", "14:00"),
        ("starts_at", "2026-03-02T14:00:00+08:00"),
        ("realtor_id", "1"),
        ("hold_token", "something"),
    ],
)
def test_as_soon_as_possible_goes_with_neither_a_time_nor_a_realtor(store, wei, soon, field, value):
    answer = caller().post("appointments", soon | {field: value})

    assert set(nobody_joined(answer, 400, "invalid")) == {field}


def test_all_that_does_not_go_together_is_named_at_once(store, wei, soon):
    wrong = {"start_time": "14:00", "realtor_id": wei.pk}

    errors = nobody_joined(caller().post("appointments", soon | wrong), 400, "invalid")

    assert set(errors) == set(wrong)


def test_what_is_null_was_not_asked_for(store, wei, soon):
    joined(soon | dict.fromkeys(("appointment_date", "start_time", "starts_at", "realtor_id")))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer_name": ""}, "customer_name"),
        ({"customer_phone": None}, "customer_phone"),
        ({"customer_phone": "12"}, "customer_phone"),
        ({"duration_minutes": 7}, "duration_minutes"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 1445}, "duration_minutes"),
        ({"requirements": "x" * 1001}, "requirements"),
        ({"asap": "soon"}, "asap"),
        ({"store_id": None}, "store_id"),
    ],
    ids=repr,
)
def test_bad_input_is_refused_by_field(store, wei, soon, change, field):
    answer = caller().post("appointments", soon | change)

    assert field in nobody_joined(answer, 400, "invalid")


@pytest.mark.parametrize("store_id", ["0", "999999", "near me"])
def test_a_store_that_is_not_there_has_no_line(store, wei, soon, store_id):
    answer = caller().post("appointments", soon | {"store_id": store_id})

    assert set(nobody_joined(answer, 404, "not_found")) == {"store_id"}


def test_nor_has_one_that_has_given_up(store, wei, soon):
    Store.objects.filter(pk=store.pk).update(is_active=False)

    assert set(nobody_joined(caller().post("appointments", soon), 404, "not_found")) == {"store_id"}


def test_a_repetition_joins_once(store, wei, soon):
    first = caller().post("appointments", soon, **KEY)
    again = caller().post("appointments", soon, **KEY)

    assert data_of(first, 201) == data_of(again, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert Appointment.objects.count() == 1


def test_a_repetition_hears_the_first_answer_after_the_line_has_moved(store, wei, soon):
    first = caller().post("appointments", soon, **KEY)
    online(wei, at=TEN)

    again = caller().post("appointments", soon, **KEY)

    assert again.json() == first.json()
    assert Appointment.objects.get().realtor == wei


def test_another_wish_under_the_same_key_is_refused(store, wei, soon):
    caller().post("appointments", soon, **KEY)

    answer = caller().post("appointments", soon | {"duration_minutes": 60}, **KEY)

    refusal_of(answer, 409, "idempotency_mismatch")


def test_a_person_stands_in_the_line_once(store, wei, soon):
    joined(soon)

    refusal_of(caller().post("appointments", soon), 409, "customer_conflict")

    assert Appointment.objects.count() == 1


def test_nor_by_another_way_of_writing_the_phone(store, wei, soon):
    joined(soon)

    answer = caller().post("appointments", soon | {"customer_phone": "+86 138-0000-0001"})

    refusal_of(answer, 409, "customer_conflict")


def test_who_is_being_served_does_not_join_again(store, wei, soon, now):
    online(wei, at=TEN)
    lan = Appointment.objects.get(pk=joined(soon)["id"])
    services.accept(lan, by=acting(wei), at=TEN)
    services.start(lan, by=acting(wei), at=TEN + MINUTE)
    now.move_to(TEN + 10 * MINUTE)

    refusal_of(caller().post("appointments", soon), 409, "customer_conflict")

    services.complete(lan, by=acting(wei), at=TEN + 20 * MINUTE)
    joined(soon)


# What the code opens


def test_the_code_alone_shows_the_place_and_the_wait_and_no_person(store, wei, soon):
    online(wei, at=TEN)
    join(store, phone=QIANG, at=TEN)
    code = joined(soon)["appointment_code"]

    answer = caller().get(f"appointments/{code}")

    data = data_of(answer)
    assert set(data) == OUTLINE
    assert (data["queue_position"], data["estimated_wait_minutes"]) == (1, 60)
    assert not [text for text in PRIVATE if text in answer.content.decode()]


def test_the_place_moves_when_somebody_leaves(store, wei, soon):
    qiang = join(store, phone=QIANG, at=TEN)
    code = joined(soon)["appointment_code"]
    assert data_of(caller().get(f"appointments/{code}"))["queue_position"] == 2

    data_of(caller().post(f"appointments/{qiang.code}/cancel", {"phone_last4": "0002"}))

    assert data_of(caller().get(f"appointments/{code}"))["queue_position"] == 1


def test_leaving_needs_the_last_four_digits(store, wei, soon):
    code = joined(soon)["appointment_code"]

    for body in ({}, {"phone_last4": "0002"}):
        refusal_of(caller().post(f"appointments/{code}/cancel", body), 403, "proof_required")
    left = data_of(caller().post(f"appointments/{code}/cancel", {"phone_last4": "0001"}))

    assert (left["status"], left["queue_position"]) == ("cancelled", 0)
    assert left["estimated_wait_minutes"] is None
    assert data_of(caller().get(f"stores/{store.pk}/queue"))["queue_length"] == 0
    assert joined(soon)["queue_position"] == 1


def test_who_leaves_before_the_answer_makes_room_for_the_next(store, wei, soon):
    online(wei, at=TEN)
    code = joined(soon)["appointment_code"]
    qiang = join(store, phone=QIANG, at=TEN)
    assert qiang.is_waiting

    data_of(caller().post(f"appointments/{code}/cancel", {"phone_last4": "0001"}))

    qiang.refresh_from_db()
    assert qiang.realtor == wei


def test_a_place_in_the_line_is_not_moved_to_a_time(store, wei, soon):
    code = joined(soon)["appointment_code"]
    wish = {"appointment_date": "2026-03-02", "start_time": "14:00", "phone_last4": "0001"}

    refusal_of(caller().post(f"appointments/{code}/reschedule", wish), 409, "invalid_transition")

    assert Appointment.objects.get().live


def test_the_history_tells_of_joining_and_waiting(store, wei, soon):
    code = joined(soon)["appointment_code"]

    entries = data_of(caller().get(f"appointments/{code}/history", phone_last4="0001"))

    assert [(entry["action"], entry["by"]) for entry in entries] == [
        ("created", "guest"),
        ("queued", "guest"),
    ]


def test_a_live_customer_is_served_over_the_api(store, wei, soon, now):
    online(wei, at=TEN)
    own = caller(wei.user)
    path = f"appointments/{joined(soon)['id']}"

    assert data_of(own.post(f"{path}/accept", {"realtor_id": wei.pk}))["status"] == "confirmed"
    now.move_to(TEN + 7 * MINUTE)
    begun = data_of(own.post(f"{path}/start"))
    assert begun["status"] == "in_progress"
    assert (begun["starts_at"], begun["ends_at"]) == (
        "2026-03-02T10:07:00+08:00",
        "2026-03-02T10:37:00+08:00",
    )
    now.move_to(TEN + 30 * MINUTE)
    assert data_of(own.post(f"{path}/complete"))["status"] == "completed"


def test_an_answer_after_the_deadline_is_too_late(store, wei, soon, now):
    online(wei, at=TEN)
    path = f"appointments/{joined(soon)['id']}"
    now.move_to(TEN + 5 * MINUTE)

    answer = caller(wei.user).post(f"{path}/accept", {"realtor_id": wei.pk})

    refusal_of(answer, 409, "already_taken")


# The list


def test_live_ones_stand_in_the_list_of_those_they_concern(store, wei, ming, fang, soon):
    online(wei, at=TEN)
    mine = joined(soon, fang)
    waiting = joined(soon | {"customer_phone": QIANG})
    hua = manager(store).user

    assert data_of(caller(fang).get("appointments")) == [mine]
    assert [row["id"] for row in data_of(caller(wei.user).get("appointments"))] == [mine["id"]]
    assert data_of(caller(ming.user).get("appointments")) == []
    rows = data_of(caller(hua).get("appointments", status="pending", store_id=store.pk))
    assert {row["id"]: row["queue_position"] for row in rows} == {mine["id"]: 0, waiting["id"]: 1}
    today = data_of(caller(hua).get("appointments", date_from="2026-03-02", date_to="2026-03-02"))
    assert len(today) == 2
    assert data_of(caller(hua).get("appointments", date_from="2026-03-03")) == []
    assert data_of(caller(hua).get("appointments", status="cancelled")) == []
    (with_wei,) = data_of(caller(hua).get("appointments", realtor_id=wei.pk))
    assert with_wei["id"] == mine["id"]


def test_a_long_line_costs_no_more_queries_than_a_short_one(store, wei, soon):
    hua = caller(manager(store).user)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            data_of(hua.get("appointments"))
        return len(asked)

    online(wei, at=TEN)
    for phone in phones(2):
        join(store, phone=phone, at=TEN)
    few = queries()
    for phone in phones(6, first=500):
        join(store, phone=phone, at=TEN)

    assert queries() == few


# How long the line is


def test_everybody_may_see_how_long_the_line_is(store, wei):
    online(wei, at=TEN)
    for phone in phones(2):
        join(store, phone=phone, at=TEN)

    assert data_of(caller().get(f"stores/{store.pk}/queue")) == {
        "store_id": str(store.pk),
        "queue_length": 1,
        "estimated_wait_minutes": 120,
        "on_duty": 1,
        "serves_today": True,
    }


def test_the_wait_is_unknown_where_the_place_would_lapse_before_the_turn(store, wei):
    online(wei, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(4)]

    data = data_of(caller().get(f"stores/{store.pk}/queue"))
    last = data_of(caller(manager(store).user).get(f"appointments/{rows[-1].code}"))

    assert (data["queue_length"], data["on_duty"]) == (3, 1)
    assert (data["estimated_wait_minutes"], data["serves_today"]) == (None, True)
    assert (last["queue_position"], last["estimated_wait_minutes"]) == (3, None)


def test_who_takes_no_more_today_is_not_on_duty(store, wei):
    Realtor.objects.filter(pk=wei.pk).update(max_per_day=1)
    online(wei, at=TEN)
    join(store, at=TEN)

    data = data_of(caller().get(f"stores/{store.pk}/queue"))

    assert (data["on_duty"], data["estimated_wait_minutes"]) == (0, None)


def test_with_nobody_on_duty_the_wait_is_unknown(store, wei):
    join(store, at=TEN)

    data = data_of(caller().get(f"stores/{store.pk}/queue"))

    assert (data["queue_length"], data["on_duty"]) == (1, 0)
    assert (data["estimated_wait_minutes"], data["serves_today"]) == (None, True)


@pytest.mark.parametrize("presence", [Presence.BUSY, Presence.OFFLINE])
def test_who_does_not_take_live_customers_is_not_on_duty(store, wei, presence):
    data_of(caller(wei.user).post("realtor/status", {"status": presence}))

    assert data_of(caller().get(f"stores/{store.pk}/queue"))["on_duty"] == 0


def test_nor_who_is_online_outside_working_hours(store, wei):
    work_from(wei, "13:00", "17:00")
    online(wei, at=TEN)

    data = data_of(caller().get(f"stores/{store.pk}/queue"))

    assert (data["on_duty"], data["estimated_wait_minutes"]) == (0, None)


def test_after_hours_nobody_serves_today(store, wei, now):
    now.move_to(clock("18:00"))

    data = data_of(caller().get(f"stores/{store.pk}/queue"))

    assert (data["serves_today"], data["on_duty"]) == (False, 0)
    assert data["estimated_wait_minutes"] is None


def test_bookings_for_a_time_are_not_in_the_live_line(store, wei):
    book(store, clock("14:00"), at=TEN)
    book(store, clock("14:00"), phone=QIANG, at=TEN)

    assert data_of(caller().get(f"stores/{store.pk}/queue"))["queue_length"] == 0


@pytest.mark.parametrize("store_id", ["0", "999999", "near-me"])
def test_a_store_that_is_not_there_has_no_length(store, store_id):
    refusal_of(caller().get(f"stores/{store_id}/queue"), 404, "not_found")


def test_a_store_that_has_given_up_shows_its_line_to_its_staff_only(store, wei):
    hua = manager(store).user
    Store.objects.filter(pk=store.pk).update(is_active=False)

    refusal_of(caller().get(f"stores/{store.pk}/queue"), 404, "not_found")
    assert data_of(caller(hua).get(f"stores/{store.pk}/queue"))["on_duty"] == 0


# Being there


def test_a_realtor_says_they_are_there(store, wei):
    data = data_of(caller(wei.user).post("realtor/status", {"status": "online"}))

    assert data == {
        "realtor_id": str(wei.pk),
        "store_id": str(store.pk),
        "status": "online",
        "away": False,
        "last_seen_at": "2026-03-02T10:00:00+08:00",
    }
    assert data_of(caller().get(f"realtors/{wei.pk}"))["status"] == "online"


def test_coming_online_takes_whoever_waits(store, wei, soon):
    code = joined(soon)["appointment_code"]

    data_of(caller(wei.user).post("realtor/status", {"realtor_id": wei.pk, "status": "online"}))

    data = data_of(caller().get(f"appointments/{code}"))
    assert (data["realtor_id"], data["queue_position"]) == (str(wei.pk), 0)


@pytest.mark.parametrize(("status", "kept"), [("busy", True), ("offline", False)])
def test_a_break_keeps_what_was_offered_and_going_hands_it_on(store, wei, soon, status, kept):
    online(wei, at=TEN)
    joined(soon)

    data_of(caller(wei.user).post("realtor/status", {"status": status}))

    assert (Appointment.objects.get().realtor == wei) is kept


def test_a_heartbeat_is_a_sign_of_life(store, wei, now):
    online(wei, at=TEN)
    now.move_to(TEN + 10 * MINUTE)

    data = data_of(caller(wei.user).post("realtor/heartbeat"))

    assert (data["status"], data["last_seen_at"]) == ("online", "2026-03-02T10:10:00+08:00")


def test_a_heartbeat_brings_nobody_online(store, wei):
    data = data_of(caller(wei.user).post("realtor/heartbeat", {"realtor_id": str(wei.pk)}))

    assert data["status"] == "offline"


def test_away_shows_until_the_next_heartbeat(store, wei, soon, now):
    online(wei, at=TEN)
    joined(soon)
    now.move_to(TEN + 5 * MINUTE)
    joined(soon | {"customer_phone": QIANG})
    wei.refresh_from_db()
    assert wei.away_since == TEN + 5 * MINUTE

    assert data_of(caller(wei.user).post("realtor/heartbeat"))["away"] is False


@pytest.mark.parametrize("path", ["status", "heartbeat"])
def test_staff_say_so_for_realtors_of_their_store(store, wei, path):
    online(wei, at=TEN)
    body = {"realtor_id": wei.pk, "status": "online"}

    data = data_of(caller(manager(store).user).post(f"realtor/{path}", body))

    assert (data["realtor_id"], data["status"]) == (str(wei.pk), "online")


@pytest.mark.parametrize("path", ["status", "heartbeat"])
@pytest.mark.parametrize("who", ["customer", "colleague", "staff of another store"])
def test_nobody_else_says_so(store, wei, ming, fang, path, who):
    user = {
        "customer": fang,
        "colleague": ming.user,
        "staff of another store": manager(open_store("bund"), "Xin").user,
    }[who]
    body = {"realtor_id": wei.pk, "status": "online"}

    refusal_of(caller(user).post(f"realtor/{path}", body), 403, "forbidden")

    wei.refresh_from_db()
    assert (wei.presence, wei.last_seen_at) == (Presence.OFFLINE, None)


@pytest.mark.parametrize("path", ["status", "heartbeat"])
def test_somebody_elses_realtor_who_has_left_is_not_there(store, wei, fang, path):
    wei.is_active = False
    wei.save()
    body = {"realtor_id": wei.pk, "status": "online"}

    refusal_of(caller(fang).post(f"realtor/{path}", body), 404, "not_found")


@pytest.mark.parametrize("path", ["status", "heartbeat"])
@pytest.mark.parametrize("realtor_id", ["0", "999999", "me"])
def test_a_realtor_who_is_not_there_is_not_found(store, wei, path, realtor_id):
    body = {"realtor_id": realtor_id, "status": "online"}

    refusal_of(caller(wei.user).post(f"realtor/{path}", body), 404, "not_found")


@pytest.mark.parametrize("path", ["status", "heartbeat"])
def test_guests_have_no_presence(store, wei, path):
    body = {"realtor_id": wei.pk, "status": "online"}

    refusal_of(caller().post(f"realtor/{path}", body), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["status", "heartbeat"])
@pytest.mark.parametrize("who", ["customer", "staff"])
def test_who_is_no_realtor_must_name_one(store, wei, fang, path, who):
    user = {"customer": fang, "staff": manager(store).user}[who]

    refusal_of(caller(user).post(f"realtor/{path}", {"status": "online"}), 403, "forbidden")


@pytest.mark.parametrize(
    "body", [{}, {"status": None}, {"status": ""}, {"status": "asleep"}, {"status": 1}], ids=repr
)
def test_there_are_three_ways_to_be_there(store, wei, body):
    answer = caller(wei.user).post("realtor/status", body)

    assert set(refusal_of(answer, 400, "invalid")) == {"status"}
    wei.refresh_from_db()
    assert wei.presence == Presence.OFFLINE


# In the caller's language


def test_sentences_are_in_the_language_of_the_caller(store, wei, soon, fang, now):
    def told(answer):
        return answer.json()["message"]

    def said(language, wish, user=None, path="appointments"):
        return told(caller(user, **{"accept-language": language}).post(path, wish))

    joined(soon)
    twice = [said(language, soon) for language in ("en", "zh-CN")]
    status = [
        said(language, {"status": "online"}, fang, "realtor/status") for language in ("en", "zh-CN")
    ]
    now.move_to(TEN + 10 * HOUR)
    closed = [said(language, soon) for language in ("en", "zh-CN")]

    assert status == [
        "This is for realtors. Say which one you act for.",
        "这是经纪人的操作，请说明您代表哪位经纪人。",
    ]
    assert closed == [
        "Nobody serves here today any more. Please book a time.",
        "今天不再接待现场客户，请预约时间。",
    ]
    assert twice == ["You already stand in this line.", "您已经在这个队伍里了。"]


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({}, "This does not go together with joining the live line."),
        (CHINESE, "加入现场排队时不能填写这一项。"),
    ],
    ids=["English", "Chinese"],
)
def test_what_does_not_go_together_is_said_in_both_languages(store, wei, soon, headers, sentence):
    answer = caller(None, **headers).post("appointments", soon | {"start_time": "14:00"})

    assert refusal_of(answer, 400, "invalid") == {"start_time": [sentence]}


def test_who_joined_in_chinese_is_written_to_in_chinese(store, wei, soon):
    data = joined(soon, **CHINESE)

    assert not data["status_display"].isascii()
    assert Appointment.objects.get().locale == "zh-hans"
