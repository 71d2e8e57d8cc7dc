"""What was taken back is told to nobody who comes back later."""

import json

import pytest
from django.utils import timezone

from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.services.moderating import hide, restore
from chat.services.retention import forget_words
from notifications.models import UserEvent
from notifications.selectors.stream import events_after
from tests.appointments import world
from tests.chat import talk
from tests.factories import manager_of

from .conftest import on_both_layers
from .protocol import check

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "The key is under the mat"


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001", locale="en")


@pytest.fixture
def thread(lin, wei):
    return talk.between(lin, wei.user, at=timezone.now())


@pytest.fixture
def said(lin, wei, thread):
    """Said, said otherwise, and quoted."""
    message = talk.say(lin, thread, SECRET, at=timezone.now())
    do(services.edit, message, f"{SECRET}!", by=lin)
    talk.say(wei.user, thread, "Thanks", reply_to_id=message.pk, at=timezone.now())
    return message


def do(work, *args, by, **options):
    return run_in_transaction(lambda: work(*args, by=Actor.of(by), at=timezone.now(), **options))


def told_to(user):
    """What a device that was never here would be told. Each frame has its shape."""
    rows = events_after(user.pk, 0)
    assert [row.u for row in rows] == list(range(1, len(rows) + 1))
    return [check({"event": row.event, "u": row.u, **row.payload}) for row in rows]


def everything_told():
    return json.dumps(list(UserEvent.objects.values_list("payload", flat=True)))


@on_both_layers
def test_a_device_that_comes_back_is_not_told_the_words(site, sockets, lin, wei, said):
    do(services.take_back, said, by=lin)
    weis = sockets.open(site, wei.user)
    last = weis.welcome()["u"]

    weis.ask("resume", {"since": 0})
    while not weis.numbers or weis.numbers[-1] < last:
        weis.receive()

    events = [frame["event"] for frame in weis.frames if "u" in frame]
    assert events.count("new-message") == 2
    assert events[-1] == "message-deleted"
    assert "mat" not in json.dumps(weis.frames)
    assert "Thanks" in json.dumps(weis.frames)


def test_before_that_they_stand_there(lin, wei, said):
    """The control: they are looked for where they were."""
    for user in (lin, wei.user):
        assert json.dumps(told_to(user)).count("mat") == 3


def test_nor_is_whoever_has_left_meanwhile(lin, wei, fang):
    flat = talk.group(lin, wei.user, fang, at=timezone.now())
    message = talk.say(lin, flat, SECRET, at=timezone.now())
    do(services.leave, flat, by=fang)

    do(services.take_back, message, by=lin)

    assert "mat" not in everything_told()
    assert told_to(fang)[-1]["data"] == {"id": str(flat.pk), "isMember": False}


def test_what_staff_hide_is_gone_until_they_show_it_again(store, lin, wei, said):
    guan = manager_of(store)

    do(hide, said, by=guan, reason="rude")
    assert "mat" not in everything_told()

    do(restore, said, by=guan, reason="it was not")
    assert told_to(wei.user)[-1]["data"]["content"] == {"text": f"{SECRET}!"}


@pytest.mark.parametrize("few", [200, 0])
def test_what_is_too_old_is_forgotten_without_a_word(lin, wei, thread, said, monkeypatch, few):
    """By looking for some messages, and by looking at all that was told."""
    monkeypatch.setattr("notifications.services.forgetting_words.FEW", few)
    before = len(told_to(lin))
    now = timezone.now()

    run_in_transaction(lambda: forget_words(thread, before=now, at=now))

    assert "mat" not in everything_told()
    assert "Thanks" not in everything_told()
    assert len(told_to(lin)) == before


def test_what_others_have_said_stays(lin, wei, fang, said):
    other = talk.between(lin, fang, at=timezone.now())
    talk.say(lin, other, "Nothing about a mat", at=timezone.now())

    do(services.take_back, said, by=lin)

    assert "Nothing about a mat" in json.dumps(told_to(fang))


def test_what_was_rolled_back_takes_nothing_out(lin, wei, said):
    def fails():
        services.take_back(said, by=Actor.of(lin), at=timezone.now())
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - any error of a service
        run_in_transaction(fails)

    assert "mat" in everything_told()
