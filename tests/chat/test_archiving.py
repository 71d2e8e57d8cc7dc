"""Conversations about appointments that are over are put away when nobody has said anything for a
while."""

from datetime import timedelta

import pytest

from booking_site.common.actors import Actor
from booking_site.common.models import SystemConfig
from booking_site.site.lifespan import WORKS
from chat import timed
from chat.models import Conversation
from chat.selectors.reading import thread_of, threads_of
from chat.services import open_direct
from chat.services.archiving import archive
from chat.tasks import look_after_conversations
from tests.backoffice.places import put

from .conftest import NOW
from .talk import between, group, say

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)
LATER = NOW + MONTH


@pytest.fixture
def booked(realtor, lin):
    """Between Lin and Wei, as it stands in the books."""
    return put(realtor, NOW - timedelta(hours=2), status="completed", user=lin)


@pytest.fixture
def talk(lin, wei, booked):
    talk = between(lin, wei, about=booked, at=NOW)
    say(lin, talk, "Thank you", at=NOW)
    return talk


def is_open(talk):
    return Conversation.objects.get(pk=talk.pk).is_active


def test_a_month_after_the_last_word_it_is_put_away_for_both(talk, lin, wei):
    timed.archive_quiet(at=LATER - timedelta(seconds=1))
    assert is_open(talk)

    timed.archive_quiet(at=LATER)

    row = Conversation.objects.get(pk=talk.pk)
    assert (row.archived_at, row.closed) == (LATER, False)
    for who in (lin, wei):
        assert threads_of(who, {}).total == 0
        assert threads_of(who, {}, archived=True).total == 1
        assert thread_of(who, talk.pk).last.body == "Thank you"


@pytest.mark.parametrize(
    ("status", "stays"),
    [
        ("pending", True),
        ("confirmed", True),
        ("in_progress", True),
        ("completed", False),
        ("cancelled", False),
        ("no_show", False),
    ],
)
def test_only_what_is_over_is_put_away(talk, booked, status, stays):
    type(booked).objects.filter(pk=booked.pk).update(status=status)

    timed.archive_quiet(at=LATER)

    assert is_open(talk) is stays


def test_groups_and_conversations_about_nothing_stay(lin, wei):
    others = [group(lin, wei, at=NOW), between(lin, wei, at=NOW)]

    timed.archive_quiet(at=LATER + MONTH)

    assert all(is_open(one) for one in others)


def test_the_days_are_what_staff_have_set(talk):
    SystemConfig.objects.create(key="chat-policy", value={"archive_days": 3})

    timed.archive_quiet(at=NOW + timedelta(days=3))

    assert not is_open(talk)


def test_who_writes_in_the_meantime_keeps_it_open(talk, lin):
    """Between the moment it was found and the moment it is put away."""
    found = Conversation.objects.get(pk=talk.pk)
    say(lin, talk, "One more thing", at=LATER)

    assert archive(found, after=MONTH, at=LATER) is False
    assert is_open(talk)


def test_twice_is_once(talk):
    assert archive(talk, after=MONTH, at=LATER) is True
    assert archive(talk, after=MONTH, at=LATER + MONTH) is False
    assert Conversation.objects.get(pk=talk.pk).archived_at == LATER


def test_whoever_opens_it_again_has_it_for_as_long_again(talk, lin, wei, booked):
    timed.archive_quiet(at=LATER)
    open_direct(wei, appointment=booked, by=Actor.of(lin), at=LATER)

    timed.archive_quiet(at=LATER + MONTH - timedelta(seconds=1))
    assert is_open(talk)
    timed.archive_quiet(at=LATER + MONTH)
    assert not is_open(talk)


def test_one_that_fails_does_not_keep_the_others_waiting(lin, wei, talk, realtor, monkeypatch):
    other = put(realtor, NOW - timedelta(hours=5), status="cancelled", user=lin)
    second = between(lin, wei, about=other, at=NOW + timedelta(seconds=1))

    def fail(conversation, **given):
        if conversation.pk == talk.pk:
            raise RuntimeError
        return archive(conversation, **given)

    monkeypatch.setattr(timed, "archive", fail)
    with pytest.raises(ExceptionGroup):
        timed.archive_quiet(at=LATER + timedelta(days=1))

    assert is_open(talk)
    assert not is_open(second)


def test_it_is_done_with_workers_and_without(talk, settings):
    names = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert look_after_conversations.name in names
    assert timed.run_due in WORKS

    timed.run_due(at=LATER)
    assert not is_open(talk)


def test_it_is_done_once_an_hour(monkeypatch):
    done = []
    monkeypatch.setattr(timed, "archive_quiet", lambda at: done.append(at))

    for minute in range(3):
        timed.run_due(at=LATER + timedelta(minutes=minute))

    assert done == [LATER]
