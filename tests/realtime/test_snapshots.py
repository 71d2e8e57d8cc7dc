"""State = snapshot + events: whoever keeps a picture of their notifications and places up to date
by the events alone has, after every action, what a fresh look would give them."""

import json
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from appointments.selectors.lines import queue_positions
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from notifications.frames import durable
from notifications.models import Notification, Turn
from notifications.selectors.due import DueReminder
from notifications.selectors.stream import events_after, position_of
from notifications.services import mark_all_read, mark_read, remind
from notifications.timed_streams import keep_streams
from tests.appointments import world

from .happenings import accepted, booked, cancelled, moved, soon
from .protocol import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def snapshot(user: User) -> dict[str, Any]:
    """What pages and apps show: notifications with whether they were read, places in line, and how
    one's appointments stand."""
    rows = Notification.objects.filter(user=user)
    own = Appointment.objects.visible_to(user).select_related("store")
    waiting = {one.pk: one for one in own.filter(user=user) if one.is_waiting}
    places = queue_positions(waiting.values())
    return {
        "notifications": {row.u: (row.type, row.title, row.read_at is not None) for row in rows},
        "unread": rows.unread().count(),
        "places": {waiting[pk].code: place for pk, place in places.items()},
        "appointments": {str(row.pk): _state(row) for row in own},
    }


def _state(row: Appointment) -> tuple[str | None, ...]:
    kept = row.pay_before.isoformat() if row.awaits_payment and row.pay_before else None
    return (row.status, str(row.realtor_id or ""), row.payment_status, kept)


def applied(picture: dict[str, Any], frame: dict[str, Any], user: User) -> None:
    """What a client does with a frame."""
    check(frame)
    match frame["event"]:
        case "notification":
            picture["notifications"][frame["u"]] = (frame["type"], frame["title"], False)
            picture["unread"] += 1
        case "notifications-read":
            data = frame["data"]
            for u, (type_, title, _read) in list(picture["notifications"].items()):
                if str(u) in data.get("ids", ()) or u <= data.get("up_to", 0):
                    picture["notifications"][u] = (type_, title, True)
            picture["unread"] = data["unread"]
        case "queue-updated":
            data = frame["data"]
            if data["queue_position"]:
                picture["places"][data["appointment_code"]] = data["queue_position"]
            else:
                picture["places"].pop(data["appointment_code"], None)
        case "appointment-updated":
            data = frame["data"]
            # Of whom it is no longer, it is not shown any more.
            row = Appointment.objects.visible_to(user).filter(pk=data["appointment_id"])
            if row.exists():
                money = (data["payment_status"], data["pay_before"])
                state = (data["status"], data["realtor_id"] or "", *money)
                picture["appointments"][data["appointment_id"]] = state
            else:
                picture["appointments"].pop(data["appointment_id"], None)


class Follower:
    """One user who looked once and has listened since."""

    def __init__(self, user: User) -> None:
        self.user = user
        # The position first, the state after: what lies between comes twice, and never not.
        self.last = position_of(user.pk).last
        self.picture = snapshot(user)

    def listen(self) -> int:
        """Takes in what has happened; how many events that were."""
        rows = events_after(self.user.pk, self.last)
        for row in rows:
            assert row.u == self.last + 1
            applied(self.picture, json.loads(durable(row.event, row.u, row.payload)), self.user)
            self.last = row.u
        return len(rows)


@pytest.fixture
def bo(transactional_db):
    return world.register("Bo", phone="+8613800000007")


@pytest.fixture
def ming(store):
    return world.hire(store, "Ming")


def _reminded(one: Appointment) -> None:
    due = DueReminder(one.pk, one.starts_at, (Turn.FIRST,))
    run_in_transaction(lambda: remind(due, at=timezone.now()))


def _declined(one: Appointment) -> None:
    by = Actor.of(one.realtor.user)
    run_in_transaction(lambda: services.decline(one, by=by, at=timezone.now()))


def _reassigned(one: Appointment, people) -> None:
    other = people["ming"] if one.realtor_id == people["wei"].pk else people["wei"]
    run_in_transaction(
        lambda: services.reassign(one, realtor=other, by=SYSTEM, at=timezone.now(), reason="x")
    )


def _started_and_done(one: Appointment) -> None:
    accepted(one)
    one.refresh_from_db()
    run_in_transaction(lambda: services.start(one, by=SYSTEM, at=one.starts_at))
    run_in_transaction(lambda: services.complete(one, by=SYSTEM, at=one.starts_at))


def _missed(one: Appointment) -> None:
    accepted(one)
    one.refresh_from_db()
    run_in_transaction(lambda: services.mark_no_show(one, by=SYSTEM, at=one.starts_at))


# What is done to Fang's booking, and whether that must be heard by Fang and by the realtors.
ACTIONS = {
    "accepting": lambda one, people: accepted(one),
    "declining": lambda one, people: _declined(one),
    "cancelling": lambda one, people: cancelled(one, Actor.of(people["fang"])),
    "moving": lambda one, people: moved(one, hours=1, by=Actor.of(people["fang"])),
    "being reminded": lambda one, people: _reminded(accepted(one)),
    "being served": lambda one, people: _started_and_done(one),
    "not coming": lambda one, people: _missed(one),
    "reading one": lambda one, people: run_in_transaction(
        lambda: mark_read(people["fang"], 1, at=timezone.now())
    ),
    "reading all": lambda one, people: run_in_transaction(
        lambda: mark_all_read(people["fang"], up_to=99, at=timezone.now())
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_after_every_action_the_picture_is_the_fresh_one(store, wei, ming, fang, name):
    one = booked(store, fang)
    people = {"fang": fang, "wei": wei, "ming": ming}
    followers = [Follower(user) for user in (fang, wei.user, ming.user)]

    ACTIONS[name](one, people)

    heard = [follower.listen() for follower in followers]
    assert heard[0], "Fang's pages did not hear of it"
    for follower in followers:
        assert follower.picture == snapshot(follower.user)


def test_booking_is_such_an_action(store, wei, ming, fang):
    followers = [Follower(user) for user in (fang, wei.user, ming.user)]

    booked(store, fang)

    assert [follower.listen() > 0 for follower in followers].count(True) == 2
    for follower in followers:
        assert follower.picture == snapshot(follower.user)


def test_so_is_everything_that_happens_in_a_line(store, wei, fang, bo):
    followers = [Follower(user) for user in (fang, bo, wei.user)]

    def look() -> None:
        for follower in followers:
            follower.listen()
            assert follower.picture == snapshot(follower.user)

    at = timezone.now()
    lan = run_in_transaction(lambda: world.join(store, at=at))
    look()
    fangs = run_in_transaction(lambda: world.join(store, customer=fang, at=at))
    bos = run_in_transaction(lambda: world.join(store, customer=bo, at=at))
    look()
    assert followers[0].picture["places"] == {fangs.code: 2}
    assert followers[1].picture["places"] == {bos.code: 3}
    cancelled(lan)
    look()
    assert followers[1].picture["places"] == {bos.code: 2}
    run_in_transaction(lambda: world.online(wei, at=timezone.now()))
    look()
    assert followers[0].picture["places"] == {}
    assert followers[1].picture["places"] == {bos.code: 1}
    fangs.refresh_from_db()
    _declined(fangs)
    look()


def test_and_a_line_for_a_start_that_is_taken(store, wei, fang, bo):
    taken = booked(store, fang)
    follower = Follower(bo)

    waiting = booked(store, bo, queue=True)
    assert waiting.is_waiting
    follower.listen()
    assert follower.picture == snapshot(bo)
    assert follower.picture["places"] == {waiting.code: 1}

    cancelled(taken, Actor.of(fang))
    follower.listen()

    assert follower.picture == snapshot(bo)
    assert follower.picture["places"] == {}


def test_what_moved_a_line_without_news_is_told_by_the_next_round(store, wei, fang, bo):
    """An operator who changes the order by hand, in the database itself."""
    at = timezone.now()
    run_in_transaction(lambda: world.join(store, customer=bo, at=at))
    fangs = run_in_transaction(lambda: world.join(store, customer=fang, at=at))
    follower = Follower(fang)
    Appointment.objects.filter(pk=fangs.pk).update(priority=-1)

    keep_streams(at=timezone.now())

    follower.listen()
    assert follower.picture == snapshot(fang)
    assert follower.picture["places"] == {fangs.code: 1}
    assert soon() > timezone.now()
