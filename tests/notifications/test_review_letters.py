"""People are asked how it was, once and an hour later; realtors hear what was said, customers what
was answered."""

from datetime import timedelta

import pytest

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from notifications.models import Delivery
from reviews.services import hide, reply
from tests.appointments import world
from tests.appointments.world import HOUR, acting, clock
from tests.reviews.visits import say, served

from .post import LANS, html_of, letters_to, the_letter_to, written

pytestmark = pytest.mark.django_db
DONE = clock("11:00")
LATER = DONE + HOUR
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def visit(wei):
    """Lan's, who reads English, from ten to eleven."""
    return served(wei, "10:00", email=LANS, locale="en")


def asked(at=LATER):
    return [one for one in letters_to(LANS, at=at) if "How was it" in one.subject]


def test_an_hour_later_the_customer_is_asked_once(store, visit):
    assert asked(DONE + timedelta(minutes=59)) == []

    (letter,) = asked()

    address = f"http://127.0.0.1:8000/appointments/{visit.code}/review/"
    assert letter.subject == f"How was it at {store.name}?"
    for text in (letter.body, html_of(letter)):
        assert "You were with Wei" in text
        assert address in text
    assert asked(LATER + timedelta(days=1)) == []


def test_in_their_own_language(wei):
    served(wei, "10:00", email=LANS, locale="zh-hans")

    letters = letters_to(LANS, at=LATER)

    assert [one.extra_headers["Content-Language"] for one in letters] == ["zh-hans"]


def test_whoever_has_said_it_is_not_asked(visit):
    say(visit)

    assert asked() == []
    assert Delivery.objects.get(letter="how_was_it").status == "dropped"


def test_who_cannot_be_reached_is_not_asked(wei):
    served(wei)

    assert not Delivery.objects.filter(letter="how_was_it").exists()


@pytest.mark.parametrize("end", [services.cancel, services.mark_no_show])
def test_of_what_did_not_take_place_nobody_is_asked(store, wei, end):
    visit = world.confirmed(store, clock("10:00"), email=LANS)
    end(visit, by=SYSTEM, at=clock("10:00") if end is services.mark_no_show else world.NOW)

    assert not Delivery.objects.filter(letter="how_was_it").exists()


def test_whoever_was_served_from_the_live_line_is_asked_without_a_time(store, wei):
    world.online(wei, at=DONE)
    visit = world.join(store, at=DONE, email=LANS, locale="en")
    visit.refresh_from_db()
    services.accept(visit, by=SYSTEM, at=DONE)
    services.start(visit, by=SYSTEM, at=DONE)
    services.complete(visit, by=SYSTEM, at=DONE)

    (letter,) = asked()

    assert "Wei took care of you" in letter.body


def test_the_realtor_hears_what_was_said(visit):
    say(visit, 4, "Patient.")

    letter = the_letter_to("wei@example.com", at=DONE)

    assert letter.subject == "A review with 4 stars"
    for text in (letter.body, html_of(letter)):
        assert "Patient." in text
        assert "/console/reviews/" in text
        assert "Lan" not in text


def test_the_customer_hears_of_the_first_answer_only(wei, visit):
    review = say(visit, 2, "Late.")
    for text in ("I am sory.", "I am sorry."):
        reply(review, text=text, by=acting(wei), at=DONE)

    (letter,) = [one for one in letters_to(LANS, at=DONE) if "answered" in one.subject]

    for text in (letter.body, html_of(letter)):
        assert "I am sorry." in text
        assert f"/appointments/{visit.code}/review/" in text
    assert written(event__kind="replied") == ["customer replied"]


def test_of_what_was_hidden_meanwhile_nobody_hears(wei, visit):
    review = say(visit, 2, "Buy at example.com!")
    reply(review, text="Well.", by=acting(wei), at=DONE)
    hide(review, reason="Spam.", by=SYSTEM, at=DONE)

    assert letters_to("wei@example.com", at=DONE) == []
    assert [one.subject for one in letters_to(LANS, at=DONE) if "answered" in one.subject] == []


def test_who_has_left_is_not_asked(wei, fang):
    visit = served(wei, "10:00", customer=fang, email=fang.email, locale="en")
    erase_account(fang, by=Actor.of(fang), at=visit.ends_at)

    assert letters_to(fang.email, at=LATER) == []


def test_what_people_type_is_shown_and_never_run(wei, visit):
    review = say(visit, 2, SCRIPT)
    reply(review, text=SCRIPT, by=acting(wei), at=DONE)

    letters = [the_letter_to("wei@example.com", at=DONE)]
    letters += [one for one in letters_to(LANS, at=DONE) if "answered" in one.subject]

    assert letters
    for letter in letters:
        assert SCRIPT not in html_of(letter)
        assert "&lt;script&gt;" in html_of(letter)
