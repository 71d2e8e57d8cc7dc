"""A conversation about an appointment follows what becomes of it."""

import pytest
from django.utils import translation

from appointments import services
from appointments.services.paying import end_unpaid
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from chat.events import CardChanged, MessageSent
from chat.models import Conversation, Message
from chat.presenters.conversations import card_for
from chat.presenters.messages import message_data
from chat.presenters.pages import head_of
from chat.selectors.reading import thread_of, unread_conversations_of
from chat.services import follow, put_away
from chat.services.cards import Changed
from tests.appointments import courses, world
from tests.appointments.world import MINUTE, NOW, clock

from .talk import between, heard, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(realtor, lin):
    return world.confirmed(realtor.store, clock("14:00"), realtor=realtor, customer=lin)


@pytest.fixture
def talk(visit, lin, wei):
    return between(lin, wei, about=visit, at=NOW)


def cards(conversation):
    rows = Message.objects.filter(conversation=conversation, kind="order").order_by("seq")
    return [(row.meta["what"], row.meta["status"]) for row in rows]


def done(work):
    return run_in_transaction(work)


def test_its_card_shows_the_appointment_as_it_is(lin, wei, visit, talk):
    for one in (lin, wei):
        card = card_for(thread_of(one, talk.pk))
        assert card is not None
        assert (card["orderId"], card["appointmentCode"]) == (str(visit.pk), visit.code)
        assert (card["status"], card["realtorName"]) == ("confirmed", "Wei")
        assert card["startsAt"] == "2026-03-02T14:00:00+08:00"


def test_a_message_says_of_every_change_what_it_was(lin, visit, talk):
    by = Actor.of(lin)
    done(lambda: services.reschedule(visit, starts_at=clock("15:00"), by=by, at=NOW))
    done(lambda: services.start(visit, by=SYSTEM, at=clock("15:00")))
    done(lambda: services.complete(visit, by=SYSTEM, at=clock("16:00")))

    assert cards(talk) == [
        ("opened", "confirmed"),
        ("rescheduled", "confirmed"),
        ("started", "in_progress"),
        ("completed", "completed"),
    ]


def test_being_called_off_is_said_once(lin, visit, talk):
    with heard(MessageSent, CardChanged) as news:
        done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))

    assert cards(talk) == [("opened", "confirmed"), ("cancelled", "cancelled")]
    assert [type(one) for one in news] == [MessageSent, CardChanged]
    assert news[1].appointment_id == visit.pk


@translation.override("en")
def test_it_is_said_in_the_words_of_whoever_reads_it(visit, lin, talk):
    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))

    data = message_data(Message.objects.with_parts().latest("seq"))

    assert (data["messageType"], data["sender"]) == ("order", None)
    assert data["content"] == {
        "text": "The appointment was cancelled",
        "what": "cancelled",
        "orderId": str(visit.pk),
        "status": "cancelled",
    }


def test_it_makes_nothing_unread_for_who_had_read_everything(lin, wei, visit, talk):
    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))

    for one in (lin, wei):
        assert thread_of(one, talk.pk).unread == 0
        assert unread_conversations_of(one) == 0


def test_who_had_not_read_everything_has_that_much_more_to_read(lin, wei, visit, talk):
    say(lin, talk, at=NOW)

    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))

    assert [thread_of(one, talk.pk).unread for one in (lin, wei)] == [0, 2]


def test_of_a_change_that_was_rolled_back_nothing_is_said(lin, visit, talk):
    def work():
        services.cancel(visit, by=Actor.of(lin), at=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(work)

    assert cards(talk) == [("opened", "confirmed")]


def test_conversations_about_nothing_or_something_else_hear_nothing(lin, wei, visit, talk):
    plain = between(lin, wei, at=NOW)

    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))

    assert not Message.objects.filter(conversation=plain).exists()


def test_what_nobody_talks_about_costs_one_query(visit, django_assert_num_queries):
    changes = [Changed(visit.pk, what, NOW) for what in ("rescheduled", "cancelled")]

    with django_assert_num_queries(1):
        follow(changes)

    assert not Conversation.objects.exists()


def test_given_to_another_realtor_it_is_put_away_with_the_one_it_was_taken_from(
    realtor, lin, wei, visit, talk
):
    ming = world.hire(realtor.store, "Ming")
    by = world.manager(realtor.store)

    done(lambda: services.reassign(visit, ming, by=by, at=NOW, reason="Wei is ill."))

    talk.refresh_from_db()
    assert not talk.is_active
    assert cards(talk) == [("opened", "confirmed")]
    assert card_for(thread_of(wei, talk.pk)) is None
    new = between(lin, ming.user, about=visit, at=NOW)
    assert new != talk
    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW))
    assert [what for what, _status in cards(new)] == ["opened", "cancelled"]
    assert len(cards(talk)) == 1


def test_what_is_put_away_hears_nothing_more(lin, visit, talk):
    put_away(talk, at=NOW)

    done(lambda: services.cancel(visit, by=Actor.of(lin), at=NOW + MINUTE))

    assert cards(talk) == [("opened", "confirmed")]


# Seats


@pytest.fixture
def lesson(db):
    """Mei's, tomorrow at ten, paid in advance."""
    store = world.open_store()
    return courses.session_at(courses.teach(store), clock("10:00", world.TUESDAY))


@pytest.fixture
def seat(lesson, lin):
    return courses.take_seat(lesson, lin)


@pytest.fixture
def with_teacher(seat, lin):
    return between(lin, seat.realtor.user, about=seat, at=NOW)


def test_a_seat_s_card_names_the_course_and_that_it_is_not_paid(seat, with_teacher, lin):
    for one in (lin, seat.realtor.user):
        card = card_for(thread_of(one, with_teacher.pk))
        assert (card["listingTitle"], card["listingId"]) == ("Piano", str(seat.listing_id))
        assert card["startsAt"] == "2026-03-03T10:00:00+08:00"
        assert card["awaitsPayment"]


@translation.override("en")
def test_the_page_says_so_too_and_no_longer_once_it_is_paid(seat, with_teacher, lin):
    before = head_of(thread_of(lin, with_teacher.pk), at=NOW)["card"]
    done(lambda: services.note_paid(seat, at=NOW))
    after = head_of(thread_of(lin, with_teacher.pk), at=NOW)["card"]

    assert (before["place"], before["label"]) == ("Piano", "unpaid")
    assert (after["place"], after["label"]) == ("Piano", "confirmed")
    assert cards(with_teacher) == [
        ("opened", "pending"),
        ("paid", "confirmed"),
        ("confirmed", "confirmed"),
    ]


def test_a_teacher_who_agrees_first_is_asked_on_it(lin):
    course = courses.teach(world.open_store("other"), needs_approval=True)
    seat = courses.take_seat(courses.session_at(course, clock("10:00", world.TUESDAY)), lin)
    talk = between(lin, seat.realtor.user, about=seat, at=NOW)

    done(lambda: services.note_paid(seat, at=NOW))

    assert [what for what, _status in cards(talk)] == ["opened", "paid", "asked"]


def test_when_the_session_is_called_off_the_card_follows(seat, lesson, with_teacher, lin):
    by = world.manager(lesson.store)

    with heard(CardChanged) as news:
        done(lambda: services.call_off_session(lesson, by=by, at=NOW, reason="ill"))

    assert cards(with_teacher)[-1] == ("cancelled", "cancelled")
    assert [one.appointment_id for one in news] == [seat.pk]
    assert not card_for(thread_of(lin, with_teacher.pk))["awaitsPayment"]


def test_a_seat_that_was_not_paid_in_time_is_shown_as_called_off(seat, with_teacher):
    end_unpaid(at=NOW + 6 * MINUTE)

    assert cards(with_teacher)[-1] == ("cancelled", "cancelled")
