"""In the demo people have talked to each other, and some of it waits to be read."""

from datetime import timedelta

import pytest

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.site.demo.seeding import seed
from chat import services
from chat.models import Attachment, Conversation, Message, Participant
from chat.presenters.conversations import card_for, name_for
from chat.selectors.reading import thread_of, threads_of

from .conftest import FRIDAY


def counts() -> list[int]:
    return [model.objects.count() for model in (Conversation, Message, Participant, Attachment)]


@pytest.fixture
def customer() -> User:
    return User.objects.get(email="customer@example.com")


@pytest.fixture
def realtor() -> User:
    return User.objects.get(email="realtor@example.com")


def test_the_customer_has_conversations_of_every_sort(customer):
    threads = threads_of(customer, {}).rows

    assert {one.conversation.type for one in threads} == {"service", "group", "system"}
    assert {name_for(one) for one in threads} >= {"林晓彤", "湖滨看房小组"}
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"text", "image", "sticker", "system", "order"} <= kinds


def test_some_of_it_is_unread_on_both_sides_and_some_is_read(customer, realtor):
    for user in (customer, realtor):
        unread = [one.unread for one in threads_of(user, {}).rows]
        assert any(unread), unread
        assert not all(unread), unread


def test_one_is_about_a_visit_that_is_to_come_and_shows_its_card(customer, realtor):
    (about,) = Conversation.objects.exclude(appointment=None)

    assert about.appointment.starts_at > FRIDAY
    for user in (customer, realtor):
        card = card_for(thread_of(user, about.pk))
        assert card is not None
        assert card["status"] == "confirmed"


def test_pictures_are_ours_and_stand_in_a_message():
    sizes = Attachment.objects.values_list("width", "message__kind")

    assert len(sizes) == 2
    assert all(width and kind == "image" for width, kind in sizes)


def test_the_second_run_says_nothing_again():
    before = counts()

    seed(at=FRIDAY)

    assert counts() == before


def test_what_visitors_say_stays(customer):
    (about,) = Conversation.objects.exclude(appointment=None)
    draft = services.Draft(text="试一试")
    services.post(about.pk, draft, by=Actor.of(customer), at=FRIDAY)

    seed(at=FRIDAY + timedelta(hours=1))

    assert Message.objects.filter(body="试一试").exists()


def test_who_has_blocked_the_other_is_left_in_peace(customer, realtor):
    services.block(customer, by=Actor.of(realtor), at=FRIDAY)
    before = Message.objects.filter(sender=customer).count()

    seed(at=FRIDAY + timedelta(days=3))

    assert Message.objects.filter(sender=customer).count() == before


def test_for_weeks_it_does_not_grow_beyond_the_visits():
    for day in (4, 29):
        seed(at=FRIDAY + timedelta(days=day))

    about = Conversation.objects.exclude(appointment=None)
    assert 1 <= about.count() <= 7
    assert Conversation.objects.filter(appointment=None).count() == 4
