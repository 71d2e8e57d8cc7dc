"""GET appointments/{code}, and what stands beside it: history and calendar file."""

import pytest
from icalendar import Calendar

from appointments import services
from booking_site.common.actors import SYSTEM
from booking_site.common.models import AttemptCounter
from tests.callers import caller, data_of, refusal_of

from ..world import (
    GUEST,
    NOW,
    QIANG,
    acting,
    book,
    clock,
    confirmed,
    join,
    manager,
    online,
    owner,
    register,
)
from .test_booking import FIELDS

OUTLINE = {
    "appointment_code",
    "status",
    "status_display",
    "appointment_date",
    "start_time",
    "end_time",
    "starts_at",
    "ends_at",
    "store_id",
    "store_name",
    "realtor_id",
    "realtor_name",
    "queue_position",
    "estimated_wait_minutes",
}
PRIVATE = ("兰", "Lan", "1380000", "a secret wish", "lan@")


@pytest.fixture
def lans(store, wei):
    """Lan's booking as a guest; her number ends in 0001."""
    return book(store, clock("14:00"), requirements="a secret wish", email="lan@example.com")


def test_the_code_alone_opens_the_outline(lans, wei):
    answer = caller().get(f"appointments/{lans.code}")

    data = data_of(answer)
    assert set(data) == OUTLINE
    assert data["appointment_code"] == lans.code
    assert (data["realtor_id"], data["realtor_name"]) == (str(wei.pk), "Wei")
    assert (data["appointment_date"], data["start_time"], data["end_time"]) == (
        "2026-03-02",
        "14:00",
        "15:00",
    )
    assert not [text for text in PRIVATE if text in answer.content.decode()]


def test_the_last_four_digits_open_all_of_it(lans):
    data = data_of(caller().get(f"appointments/{lans.code}", phone_last4="0001"))

    assert set(data) == FIELDS
    assert data["customer_phone"] == "+8613800000001"


def test_wrong_digits_open_nothing(lans):
    refusal_of(caller().get(f"appointments/{lans.code}", phone_last4="0002"), 403, "proof_required")


def test_after_five_wrong_proofs_right_ones_are_refused_too(lans):
    for wrong in range(5):
        caller().get(f"appointments/{lans.code}", phone_last4=f"900{wrong}")

    answer = caller().get(f"appointments/{lans.code}", phone_last4="0001")

    refusal_of(answer, 429, "rate_limited")
    assert int(answer["Retry-After"]) > 0
    # The code alone opens what it always does.
    data_of(caller().get(f"appointments/{lans.code}"))


def test_guessing_codes_ends_in_too_many(lans):
    statuses = {caller().get(f"appointments/{code:06d}").status_code for code in range(25)}

    assert statuses == {404, 429}


def test_a_guesser_behind_the_same_address_locks_nobody_out(lans, fang, store):
    booked = book(store, clock("16:00"), customer=fang)
    for code in range(25):
        caller().get(f"appointments/{code:06d}")

    data_of(caller(fang).get(f"appointments/{booked.code}"))
    data_of(caller().get(f"appointments/{lans.code}", phone_last4="0001"))


def test_digits_tried_with_unknown_codes_count_as_failed_proofs(lans):
    for code in range(5):
        path = f"appointments/{code:06d}"
        refusal_of(caller().get(path, phone_last4="0001"), 404, "not_found")

    refusal_of(caller().get("appointments/000005", phone_last4="0001"), 429, "rate_limited")
    refusal_of(caller().get(f"appointments/{lans.code}", phone_last4="0002"), 429, "rate_limited")
    refusal_of(caller().get("appointments/000005"), 404, "not_found")
    assert AttemptCounter.objects.get(name="proof-all/3600/all").count == 5


def test_those_it_belongs_to_see_all_of_it_without_proof(store, wei, fang):
    booked = book(store, clock("14:00"), customer=fang, realtor=wei)
    operator = register("Root", is_staff=True, is_superuser=True)

    for user in (fang, wei.user, manager(store).user, operator):
        assert set(data_of(caller(user).get(f"appointments/{booked.code}"))) == FIELDS


def test_somebody_else_who_is_signed_in_sees_the_outline(lans, bo, ming):
    for user in (bo, ming.user):
        assert set(data_of(caller(user).get(f"appointments/{lans.code}"))) == OUTLINE


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "１２３４５６", "%00"])
@pytest.mark.parametrize("path", ["", "/history", ".ics"])
def test_a_code_nobody_holds_is_not_found(lans, code, path):
    if code == lans.code:
        code = "000001"

    refusal_of(caller().get(f"appointments/{code}{path}"), 404, "not_found")


@pytest.mark.parametrize("path", ["", "/history", ".ics"])
@pytest.mark.parametrize("digits", ["0001", "0002", ""])
def test_nothing_of_it_is_kept_or_passed_on(lans, path, digits):
    answer = caller().get(f"appointments/{lans.code}{path}", phone_last4=digits)

    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_waiting_one_shows_its_place_in_line(store, wei, lans):
    waiting = book(store, clock("14:00"), phone="+8613800000009")

    data = data_of(caller().get(f"appointments/{waiting.code}"))

    assert (data["realtor_id"], data["queue_position"]) == (None, 1)
    assert data["estimated_wait_minutes"] is None


def test_the_status_is_said_in_the_language_of_the_caller(lans):
    english = data_of(caller().get(f"appointments/{lans.code}"))

    assert (english["status"], english["status_display"]) == ("pending", "to be confirmed")


def test_the_history_tells_who_did_what_and_when(store, wei, lans):
    services.accept(lans, by=acting(wei), at=NOW)
    services.cancel(lans, by=owner(lans), at=NOW, reason="ill")

    answer = caller().get(f"appointments/{lans.code}/history", phone_last4="0001")

    entries = data_of(answer)
    assert [(entry["action"], entry["by"]) for entry in entries] == [
        ("created", "guest"),
        ("assigned", "system"),
        ("confirmed", "realtor"),
        ("cancelled", "guest"),
    ]
    assert entries[-1] == {
        "action": "cancelled",
        "action_display": "cancelled",
        "from_status": "confirmed",
        "to_status": "cancelled",
        "by": "guest",
        "reason": "ill",
        "details": {},
        "at": "2026-03-02T08:00:00+08:00",
    }
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 4}


def test_the_history_needs_proof(lans, bo):
    refusal_of(caller().get(f"appointments/{lans.code}/history"), 403, "proof_required")
    refusal_of(
        caller().get(f"appointments/{lans.code}/history", phone_last4="9"), 403, "proof_required"
    )
    refusal_of(caller(bo).get(f"appointments/{lans.code}/history"), 403, "forbidden")


def events_of(answer):
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_the_calendar_file_without_proof_names_nobody(lans):
    answer = caller().get(f"appointments/{lans.code}.ics")

    calendar, event = events_of(answer)
    assert calendar["METHOD"] == "PUBLISH"
    assert event.start == clock("14:00")
    assert event.end == clock("15:00")
    assert (event["STATUS"], event["SEQUENCE"]) == ("TENTATIVE", 0)
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert not [private for private in PRIVATE if private in text]


def test_the_calendar_file_with_proof_names_who_comes(lans):
    answer = caller().get(f"appointments/{lans.code}.ics", phone_last4="0001")

    _calendar, event = events_of(answer)
    assert "Lan" in event["DESCRIPTION"]
    assert "a secret wish" in event["DESCRIPTION"]


@pytest.mark.parametrize("accept", ["text/calendar", "*/*", "application/json", "text/html"])
def test_whoever_asks_for_the_calendar_file_gets_it(lans, accept):
    events_of(caller(None, accept=accept).get(f"appointments/{lans.code}.ics"))


def test_a_refused_calendar_file_is_json_all_the_same(lans):
    answer = caller(None, accept="text/calendar").get("appointments/000000.ics")

    refusal_of(answer, 404, "not_found")


def test_a_place_in_the_live_line_has_no_calendar_file_before_it_begins(store, wei, now):
    ten = clock("10:00")
    now.move_to(ten)
    online(wei, at=ten)
    called, waiting = join(store, at=ten), join(store, phone=QIANG, at=ten)

    for one in (called, waiting):
        answer = caller(None, accept_language="en").get(f"appointments/{one.code}.ics")
        refusal_of(answer, 404, "not_found")
        assert "no time yet" in answer.json()["error"]

    services.accept(called, by=SYSTEM, at=ten)
    services.start(called, by=SYSTEM, at=ten)
    _calendar, event = events_of(caller().get(f"appointments/{called.code}.ics"))
    assert event.start == ten


def test_changes_keep_the_uid_and_raise_the_sequence(store, wei):
    booked = confirmed(store, clock("14:00"))
    _calendar, first = events_of(caller().get(f"appointments/{booked.code}.ics"))
    services.reschedule(booked, starts_at=clock("11:00"), by=owner(booked), at=NOW)
    _calendar, moved = events_of(caller().get(f"appointments/{booked.code}.ics"))
    services.cancel(booked, by=owner(booked), at=NOW)
    calendar, gone = events_of(caller().get(f"appointments/{booked.code}.ics"))

    assert first["UID"] == moved["UID"] == gone["UID"]
    assert first["SEQUENCE"] < moved["SEQUENCE"] < gone["SEQUENCE"]
    assert first["STATUS"] == moved["STATUS"] == "CONFIRMED"
    assert moved.start == clock("11:00")
    assert (calendar["METHOD"], gone["STATUS"]) == ("CANCEL", "CANCELLED")


def test_a_wish_cannot_write_lines_of_its_own_into_the_calendar(store, wei):
    evil = "x\r\nATTENDEE:mailto:evil@example.com\r\nEND:VEVENT"
    booked = book(store, clock("14:00"), requirements=evil)

    answer = caller().get(f"appointments/{booked.code}.ics", phone_last4="0001")

    _calendar, event = events_of(answer)
    assert "ATTENDEE" not in event


def test_a_guest_has_no_proof_of_another_booking(store, wei, lans):
    other = book(store, clock("16:00"), phone="+8613800000077", by=GUEST)

    refusal_of(caller().get(f"appointments/{lans.code}", phone_last4="0077"), 403, "proof_required")
    data_of(caller().get(f"appointments/{other.code}", phone_last4="0077"))
