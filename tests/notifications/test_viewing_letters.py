"""What is told of seeing a house: to its landlord, and to whoever sees it."""

from functools import partial

import pytest
from icalendar import Calendar

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification, UserEvent
from notifications.rules import ASKED_AFTER
from notifications.timed import remind_due
from tests.appointments import places, world
from tests.appointments.world import HOUR, MINUTE, NOW, TUESDAY, acting, clock, manager, register
from tests.realtime.protocol import check

from .edge import at_the_edge
from .post import html_of, letters_to, the_letter_to, written
from .seats import last_told, told
from .stays import FANGS, JINGS, reads_english, viewing_of

pytestmark = pytest.mark.django_db
TWO = clock("14:00", TUESDAY)
WHEN = "Tue, March 3 14:00"


@pytest.fixture
def fang(db):
    return register("Fang", email=FANGS, locale="en")


@pytest.fixture
def jing(store):
    return reads_english(world.hire(store, "Jing", email=JINGS))


@pytest.fixture
def flat(store, jing):
    where = {"address": "12 Yuyuan Road", "attributes": {"district": "Changning"}}
    return places.house(store, realtor=jing, **where)


@pytest.fixture
def seen(flat, fang):
    return viewing_of(flat, fang, TWO)


def test_the_landlord_gets_seed_1_s_push_of_a_new_viewing(seen, flat, fang, jing):
    push = UserEvent.objects.get(user=jing.user, event="notification").payload

    assert (push["type"], push["reservation_id"]) == (1, seen.pk)
    assert push["title"] == "New viewing"
    assert push["content"] == "Fang has booked a viewing of your house “Two rooms with a view”"
    known = {
        "reservation_id": seen.pk,
        "house_id": flat.pk,
        "house_title": flat.title,
        "landlord_id": jing.user_id,
        "user_id": fang.pk,
        "user_name": "Fang",
        "reserve_time": "2026-03-03 14:00:00",
        "status": "pending",
        "created_at": int(NOW.timestamp()),
    }
    assert known.items() <= push["detail"].items()


def test_its_letter_says_when_and_until_when_to_answer(seen):
    letter = the_letter_to(JINGS)

    assert letter.subject == f"Please answer: Fang would like to see Two rooms with a view, {WHEN}"
    assert f"Fang would like to see Two rooms with a view, {WHEN} (30 minutes)." in letter.body
    assert "after that it is cancelled" in letter.body


def test_a_life_is_1_2_4_to_whoever_did_not_do_it(seen, fang, jing):
    at_the_edge(services.accept, seen, by=acting(jing), at=NOW)
    remind_due(at=TWO - 2 * HOUR)

    kinds = [told(one) for one in (fang, jing.user)]
    assert kinds == [["created", "confirmed", "reminder"], ["created", "reminder"]]
    titles = Notification.objects.filter(user=fang).order_by("u").values_list("title", flat=True)
    assert list(titles)[1:] == ["Viewing confirmed", "Viewing reminder"]


def test_a_cancellation_is_3_to_the_other(flat, seen, fang, jing):
    at_the_edge(services.cancel, seen, by=Actor.of(fang), at=NOW)

    assert told(jing.user)[-1] == "cancelled"
    assert last_told(jing.user).title == "Viewing cancelled"
    assert last_told(jing.user).detail["status"] == "cancelled"
    assert f"/listings/{flat.pk}/" in the_letter_to(FANGS).body


def test_the_customer_reads_the_house_s_own_address_and_where_its_map_is(seen, flat, jing):
    letters_to(FANGS)
    at_the_edge(services.accept, seen, by=acting(jing), at=NOW)

    letter = the_letter_to(FANGS)

    assert letter.subject == f"Viewing confirmed: Two rooms with a view, {WHEN}"
    for text in (letter.body, html_of(letter)):
        assert "Changning, 12 Yuyuan Road" in text
        assert f"http://127.0.0.1:8000/listings/{flat.pk}/" in text
        assert f"Jing expects you {WHEN} at the house" in text
    ((_name, content, _kind),) = letter.attachments
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (TWO, TWO + 30 * MINUTE)


def test_a_move_names_both_times(seen, fang, store):
    at_the_edge(services.accept, seen, by=manager(store, "Hong"), at=NOW)
    letters_to(FANGS)

    at_the_edge(services.reschedule, seen, starts_at=TWO + HOUR, by=Actor.of(fang), at=NOW)

    letter = the_letter_to(FANGS)
    assert f"It was {WHEN} and is now Tue, March 3 15:00." in letter.body
    assert "Fang had" in last_told(seen.realtor.user).content


def test_who_waits_to_see_an_agency_s_house_reads_their_place(store, jing, fang):
    shared = places.house(store, "100% sunny", realtor=None)
    world.book(store, TWO, realtor=jing)
    viewing_of(shared, fang, TWO, queue=True)

    letter = the_letter_to(FANGS)

    assert letter.subject == f"In line to see 100% sunny, {WHEN}"
    assert "You are number 1 in line" in letter.body


def over(seen, jing):
    at_the_edge(services.accept, seen, by=acting(jing), at=NOW)
    at_the_edge(services.start, seen, by=acting(jing), at=TWO)
    at_the_edge(services.complete, seen, by=acting(jing), at=TWO + 20 * MINUTE)


def test_afterwards_the_customer_is_asked_once_in_words_of_a_house(seen, jing):
    over(seen, jing)

    letter = letters_to(FANGS, at=TWO + ASKED_AFTER + HOUR)[-1]

    assert letter.subject == "What do you think of Two rooms with a view?"
    assert f"/appointments/{seen.code}/review/" in letter.body


def test_what_they_think_of_it_is_18_to_the_host_and_to_nobody_else(seen, fang, jing):
    over(seen, jing)
    before = told(fang)

    later = TWO + HOUR
    feedback = {"verdict": "interested", "note": "Is there a lift?", "by": Actor.of(fang)}
    at_the_edge(services.give_feedback, seen, **feedback, at=later)

    row = last_told(jing.user)
    assert (row.type, row.title) == (18, "What Fang thinks of Two rooms with a view")
    assert row.content == ("Fang about Two rooms with a view: I am interested. Is there a lift?")
    assert told(fang) == before
    letter = letters_to(JINGS, at=later)[-1]
    assert "What they think: I am interested" in letter.body
    assert "In their words: Is there a lift?" in letter.body
    frames = UserEvent.objects.filter(user__in=[fang, jing.user], event="appointment-updated")
    assert frames.filter(payload__data__change="viewing_feedback").count() == 2
    for event in UserEvent.objects.all():
        check({"event": event.event, "u": event.u, **event.payload})


def test_of_two_verdicts_the_letter_says_the_later_one(seen, fang, jing):
    over(seen, jing)
    letters_to(JINGS, at=TWO + HOUR)
    for verdict in ("interested", "not_for_me"):
        by = Actor.of(fang)
        at_the_edge(services.give_feedback, seen, verdict=verdict, by=by, at=TWO + HOUR)

    assert "It is not for me" in the_letter_to(JINGS, at=TWO + HOUR).body


def test_who_does_not_want_to_hear_of_it_does_not(seen, fang, jing):
    for channel in ("email", "in_app"):
        jing.user.notification_preferences.create(kind="viewing_feedback", channel=channel)
    over(seen, jing)

    by = Actor.of(fang)
    at_the_edge(services.give_feedback, seen, verdict="interested", by=by, at=TWO + HOUR)

    assert "viewing_feedback" not in told(jing.user)
    assert written(letter="viewing_feedback") == []


def test_who_is_erased_is_spoken_of_no_more(seen, fang, jing):
    over(seen, jing)
    note = {"verdict": "interested", "note": "Call me", "by": Actor.of(fang)}
    at_the_edge(services.give_feedback, seen, **note, at=TWO + HOUR)

    run_in_transaction(partial(erase_account, fang, by=Actor.of(fang), at=TWO + 2 * HOUR))

    rows = "".join(row.title + row.content for row in jing.user.notifications.all())
    assert "Fang" not in rows
    assert "Call me" not in rows
