"""The realtor or the store answers; once, and the answer can be put right for a day."""

from datetime import timedelta

import pytest

from accounts.services import erase_account
from appointments.errors import InvalidTransition
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.site.export import export_of
from realtors.models import Realtor
from reviews import services
from reviews.models import Review, ReviewLogEntry
from reviews.rules import LONGEST_REPLY
from tests.appointments import world

from .visits import say, served

AT = world.clock("17:00")


@pytest.fixture
def review(wei, fang):
    return say(served(wei, customer=fang), 2, "Late.")


def test_its_realtor_answers(wei, review):
    services.reply(review, text=" I am sorry. ", by=world.acting(wei), at=AT)

    review.refresh_from_db()
    assert (review.reply, review.replied_by, review.replied_at) == ("I am sorry.", wei.user, AT)


def test_so_do_the_manager_and_the_operator(store, review):
    olga = world.register("Olga", is_staff=True, is_superuser=True)

    for by in (world.manager(store), Actor.of(olga)):
        services.reply(review, text=f"From {by.user}", by=by, at=AT)

    review.refresh_from_db()
    assert review.replied_by == olga


def test_nobody_else_does(ming, fang, review):
    elsewhere = world.manager(world.open_store("beijing-road"), "Bea")
    for by in (world.acting(ming), elsewhere, Actor.of(fang), Actor.guest()):
        with pytest.raises(Forbidden):
            services.reply(review, text="Well.", by=by, at=AT)


def test_who_does_not_work_there_any_more_does_not_speak_for_the_store(wei, review):
    Realtor.objects.filter(pk=wei.pk).update(is_active=False)
    review.realtor.refresh_from_db()

    with pytest.raises(Forbidden):
        services.reply(review, text="It was not my fault.", by=world.acting(wei), at=AT)
    assert not Review.objects.answerable_by(wei.user).exists()


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_REPLY + 1)])
def test_what_is_no_answer_is_refused(wei, review, text):
    with pytest.raises(Invalid) as refusal:
        services.reply(review, text=text, by=world.acting(wei), at=AT)

    assert set(refusal.value.errors) == {"reply"}


def test_it_can_be_put_right_for_a_day_and_then_stands(wei, review):
    by = world.acting(wei)
    services.reply(review, text="I am sory.", by=by, at=AT)
    services.reply(review, text="I am sorry.", by=by, at=AT + timedelta(hours=24))

    with pytest.raises(InvalidTransition):
        services.reply(review, text="Or not.", by=by, at=AT + timedelta(hours=25))

    review.refresh_from_db()
    assert (review.reply, review.replied_at) == ("I am sorry.", AT)
    steps = ReviewLogEntry.objects.values_list("action", flat=True)
    assert list(steps) == ["written", "replied", "reply_changed"]


def test_what_is_hidden_is_not_answered(wei, review):
    services.hide(review, reason="Spam.", by=SYSTEM, at=AT)

    with pytest.raises(InvalidTransition):
        services.reply(review, text="Well.", by=world.acting(wei), at=AT)


def test_a_realtor_who_leaves_leaves_the_answer_without_their_name(wei, review):
    by = world.acting(wei)
    services.reply(review, text="I am sorry.", by=by, at=AT)
    (given,) = export_of(wei.user)["review_replies"]
    assert given["reply"] == "I am sorry."

    erase_account(wei.user, by=by, at=AT)

    review.refresh_from_db()
    assert (review.reply, review.replied_by) == ("I am sorry.", None)
