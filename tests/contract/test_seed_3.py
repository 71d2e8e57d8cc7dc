"""Online booking, at the paths, in the shapes and words of Document 3, from top to bottom."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import issue_tokens
from appointments import services
from appointments.models import Appointment, Session
from appointments.timed import run_due
from booking_site.common.actors import Actor
from notifications.models import Notification, Type
from realtors.models import Listing
from tests.appointments import world
from tests.appointments.courses import child_of, session_at, teach
from tests.appointments.world import NOW, clock
from tests.callers import data_of, refusal_of

ROOT = "/api/v1"
BOOKING = {
    *("id", "courseId", "courseName", "teacherId", "teacherName", "institutionId"),
    *("studentId", "studentName", "studentEmail", "studentPhone", "slotId", "bookingDate"),
    *("startTime", "endTime", "duration", "status", "paymentStatus", "price", "commission"),
    *("finalPrice", "studentNote", "teacherNote", "createdAt", "updatedAt", "confirmedAt"),
    *("cancelledAt", "completedAt"),
}
SLOT = {
    *("id", "courseId", "teacherId", "institutionId", "slotDate", "startTime", "endTime"),
    *("capacity", "bookedCount", "status", "priceModifier"),
}


class App:
    """As the document's clients call: a bearer token, JSON, and no word of a language."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(ROOT + path, query)

    def post(self, path: str, body: Any = None) -> Any:
        return self._client.post(ROOT + path, body or {}, format="json")

    def put(self, path: str, body: Any = None) -> Any:
        return self._client.put(ROOT + path, body or {}, format="json")

    @property
    def _client(self) -> APIClient:
        """With a token of now: they do not last long."""
        if self.user is None:
            return APIClient()
        pair = issue_tokens(self.user, by=Actor.of(self.user), at=timezone.now())
        return APIClient(headers={"Authorization": f"Bearer {pair.access}"})


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def course() -> Listing:
    """Mei teaches; each of who books is confirmed by her."""
    return teach(world.open_store(), title="中文课", needs_approval=True)


@pytest.fixture
def slot(course: Listing) -> Session:
    """At ten today, for one."""
    return session_at(course, clock("10:00"), capacity=1)


@pytest.fixture
def mei(course: Listing) -> App:
    assert course.realtor is not None
    return App(course.realtor.user)


@pytest.fixture
def parent(db: None) -> User:
    return world.register("Fang", phone="+8613800000009", email="fang@example.com")


@pytest.fixture
def fang(parent: User) -> App:
    return App(parent)


@pytest.fixture
def wish(course: Listing, slot: Session, parent: User) -> dict[str, Any]:
    """The body that the document's tests send."""
    return {
        "teacherId": str(course.realtor_id),
        "courseId": str(course.pk),
        "slotId": str(slot.pk),
        "childId": str(child_of(parent, "Xiao Bo").pk),
        "notes": "需要中文授课",
    }


def pay(booking: dict[str, Any]) -> None:
    assert services.note_paid(Appointment.objects.get(pk=booking["id"]), at=NOW)


def the_slot(app: App, slot: Session) -> dict[str, Any]:
    rows = data_of(app.get(f"/courses/{slot.listing_id}/slots"))["slots"]
    return next(row for row in rows if row["id"] == str(slot.pk))


# 2. The tables


def test_a_booking_holds_what_the_document_says(fang, parent, course, slot, wish):
    made = data_of(fang.post("/bookings", wish), 201)

    assert set(made) >= BOOKING
    assert (made["courseName"], made["teacherName"]) == ("中文课", "Mei")
    assert (made["studentId"], made["studentName"]) == (str(parent.pk), "Fang")
    assert (made["studentEmail"], made["studentPhone"]) == ("fang@example.com", "+8613800000009")
    times = (made["bookingDate"], made["startTime"], made["endTime"], made["duration"])
    assert times == ("2026-03-02", "10:00", "11:00", 60)
    assert (made["price"], made["finalPrice"], made["studentNote"]) == (100, 100, "需要中文授课")
    assert made["institutionId"] == str(course.store_id)


def test_a_time_slot_holds_what_the_document_says(slot):
    row = the_slot(App(), slot)

    assert set(row) >= SLOT
    assert (row["slotDate"], row["startTime"], row["endTime"]) == ("2026-03-02", "10:00", "11:00")
    assert (row["capacity"], row["bookedCount"], row["status"]) == (1, 0, "available")


# 3. The calls


def test_every_call_of_the_list_is_there(fang, mei, course, slot, wish):
    assert data_of(App().get(f"/courses/{course.pk}/slots"))["slots"]
    made = data_of(fang.post("/bookings", wish), 201)
    assert data_of(fang.get(f"/bookings/{made['id']}"))["id"] == made["id"]
    pay(made)
    assert data_of(mei.put(f"/bookings/{made['id']}/confirm"))["status"] == "confirmed"
    assert data_of(fang.put(f"/bookings/{made['id']}/cancel"))["status"] == "cancelled"
    assert [row["id"] for row in data_of(fang.get("/bookings"))] == [made["id"]]


def test_without_a_token_there_are_courses_and_nothing_else(course, slot, wish):
    guest = App()
    data_of(guest.get("/courses"))

    refusal_of(guest.get("/bookings"), 401, "unauthenticated")
    refusal_of(guest.post("/bookings", wish), 401, "unauthenticated")
    refusal_of(guest.post(f"/slots/{slot.pk}/lock"), 401, "unauthenticated")


# 4. The sequence diagram


def test_the_sequence_from_choosing_a_course_to_the_teacher_s_yes(fang, mei, course, slot, wish):
    chosen = the_slot(fang, slot)
    locked = data_of(fang.post(f"/slots/{chosen['id']}/lock"), 201)
    assert locked["lockedUntil"] == "2026-03-02T08:05:00+08:00"
    assert the_slot(fang, slot)["status"] == "booked"

    made = data_of(fang.post("/bookings", wish | {"lockToken": locked["lockToken"]}), 201)
    assert (made["status"], made["paymentStatus"]) == ("pending", "unpaid")
    pay(made)
    assert data_of(fang.get(f"/bookings/{made['id']}"))["status"] == "pending"

    confirmed = data_of(mei.put(f"/bookings/{made['id']}/confirm"))
    assert (confirmed["status"], confirmed["paymentStatus"]) == ("confirmed", "paid")
    assert data_of(fang.get(f"/bookings/{made['id']}"))["confirmedAt"]


# 5. Locking


def test_a_slot_that_is_not_there_and_one_that_cannot_be_booked(fang, course, slot, wish):
    missing = fang.post("/bookings", wish | {"slotId": "slot-123"})
    refusal_of(missing, 404, "not_found")
    assert missing.json()["error"] == "时段不存在"

    services.block_session(slot, by=Actor.of(course.realtor.user), at=NOW)
    blocked = fang.post("/bookings", wish)
    refusal_of(blocked, 400, "invalid")
    assert blocked.json()["error"] == "时段不可用"


def test_unpaid_after_five_minutes_the_slot_is_free_again(fang, slot, wish, now):
    made = data_of(fang.post("/bookings", wish), 201)
    assert made["payBefore"] == "2026-03-02T08:05:00+08:00"

    now.move_to(clock("08:05"))
    assert the_slot(fang, slot)["status"] == "available"
    run_due(at=clock("08:05"))

    assert data_of(fang.get(f"/bookings/{made['id']}"))["status"] == "cancelled"


# 6. What is accepted when


def test_people_see_the_slots_that_can_be_had(course, slot):
    taken = session_at(course, clock("12:00"), capacity=1)
    data_of(App(world.register("Bo")).post("/bookings", {"slotId": taken.pk}), 201)

    rows = data_of(App().get(f"/courses/{course.pk}/slots"))["slots"]

    assert [(row["startTime"], row["status"]) for row in rows] == [
        ("10:00", "available"),
        ("12:00", "booked"),
    ]


def test_people_can_send_a_booking(fang, wish):
    assert data_of(fang.post("/bookings", wish), 201)["id"]


def test_a_booked_slot_is_kept(fang, slot, wish):
    data_of(fang.post("/bookings", wish), 201)

    row = the_slot(App(), slot)

    assert (row["bookedCount"], row["status"]) == (1, "booked")


def test_the_status_goes_from_step_to_step_and_not_back(fang, mei, wish, now):
    made = data_of(fang.post("/bookings", wish), 201)
    path = f"/bookings/{made['id']}"
    refusal_of(mei.put(f"{path}/confirm"), 400, "payment_required")
    pay(made)
    data_of(mei.put(f"{path}/confirm"))
    refusal_of(mei.put(f"{path}/complete"), 409, "invalid_transition")

    now.move_to(clock("11:00"))

    done = data_of(mei.put(f"{path}/complete"))
    assert (done["status"], bool(done["completedAt"])) == ("completed", True)
    for step in ("confirm", "cancel", "no-show"):
        refusal_of(mei.put(f"{path}/{step}"), 409, "invalid_transition")


def test_what_is_called_off_gives_the_slot_back(fang, slot, wish):
    made = data_of(fang.post("/bookings", wish), 201)
    pay(made)

    data_of(fang.put(f"/bookings/{made['id']}/cancel", {"reason": "ill"}))

    assert the_slot(fang, slot)["status"] == "available"


def test_both_hear_of_it(fang, mei, parent, course, wish):
    made = data_of(fang.post("/bookings", wish), 201)
    pay(made)
    data_of(mei.put(f"/bookings/{made['id']}/confirm"))

    told = set(Notification.objects.values_list("user", "type"))
    assert (parent.pk, Type.CONFIRMED) in told
    assert course.realtor.user_id in {user for user, _type in told}


# 7.1 The unit tests


def test_bk_hp_01_a_booking_is_made(fang, course, wish):
    made = data_of(fang.post("/bookings", wish), 201)

    assert made["status"] == "pending"
    assert made["teacherId"] == str(course.realtor_id)


def test_bk_fc_01_a_slot_that_is_taken_is_refused(fang, wish):
    data_of(App(world.register("Bo")).post("/bookings", {"slotId": wish["slotId"]}), 201)

    answer = fang.post("/bookings", wish)

    refusal_of(answer, 400, "slot_taken")
    assert answer.json()["error"] == "时段已被预约"


def test_bk_hp_02_confirming_changes_booking_and_slot(fang, mei, slot, wish):
    made = data_of(fang.post("/bookings", wish), 201)
    pay(made)

    data_of(mei.put(f"/bookings/{made['id']}/confirm"))

    assert data_of(fang.get(f"/bookings/{made['id']}"))["status"] == "confirmed"
    assert the_slot(fang, slot)["status"] == "booked"


def test_bk_hp_03_cancelling_releases_the_slot(fang, mei, slot, wish):
    made = data_of(fang.post("/bookings", wish), 201)
    pay(made)
    data_of(mei.put(f"/bookings/{made['id']}/confirm"))

    cancelled = data_of(fang.put(f"/bookings/{made['id']}/cancel"))

    assert (cancelled["status"], bool(cancelled["cancelledAt"])) == ("cancelled", True)
    row = the_slot(fang, slot)
    assert (row["bookedCount"], row["status"]) == (0, "available")


# 7.2 US28


def test_us28_hp_01_the_whole_way(fang, course, slot, wish):
    rows = data_of(fang.get(f"/teachers/{course.realtor_id}/slots", date="2026-03-02"))["slots"]

    answer = fang.post("/bookings", wish | {"slotId": rows[0]["id"]})

    assert data_of(answer, 201)["status"] == "pending"


def test_us28_fc_01_the_same_slot_twice(fang, course, wish):
    """That the second names another course and another child is found out later: it is taken."""
    bo = world.register("Bo")
    data_of(fang.post("/bookings", wish), 201)
    other = {"courseId": "course-456", "childId": "child-456"}

    answer = App(bo).post("/bookings", wish | other)

    assert answer.status_code == 400
    assert answer.json()["error"] == "时段已被预约"
