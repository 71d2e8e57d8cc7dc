"""Who is shown as being there: to whom, how soon, and for how long after they have gone.

A tick is a fifth of a second here, so that ten seconds of grace are two.
"""

import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from booking_site.common.actors import Actor
from booking_site.common.shared_redis import Down
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.gateways.presence import Seen
from notifications.gateways import shown
from notifications.gateways.presence import online_among
from notifications.gateways.shown import GRACE_TICKS, grace_seconds
from notifications.models import LastSeen
from notifications.selectors.listeners import acquainted
from notifications.selectors.seen import seen
from notifications.services.presence import note_seen
from tests.appointments import world
from tests.chat import talk

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 10.0
GRACE = GRACE_TICKS * 0.2


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001")


@pytest.fixture
def thread(lin, wei):
    return talk.between(lin, wei.user, at=timezone.now())


@pytest.fixture
def opened(site, sockets):
    def open_for(user, server=site):
        client = sockets.open(server, user)
        client.welcome()
        return client

    return open_for


def of(user):
    """A frame that says something of this person's coming and going."""
    return lambda one: one["event"] == "presence" and one["data"]["userId"] == str(user.pk)


def told_of(user, client, seconds):
    return [one["data"]["online"] for one in client.quiet(seconds) if of(user)(one)]


def test_whoever_comes_and_goes_is_seen_by_whom_they_talk_to(opened, lin, wei, thread):
    weis = opened(wei.user)
    began = timezone.now()

    lins = opened(lin)
    came = weis.heard(of(lin), SOON)["data"]
    lins.socket.close()
    left = time.monotonic()
    gone = weis.until(of(lin), SOON)["data"]

    assert came == {"userId": str(lin.pk), "online": True, "lastSeen": None}
    assert gone["online"] is False
    # Not at once: a page that is left is often followed by another.
    assert time.monotonic() - left > GRACE * 0.8
    at = LastSeen.objects.get(user=lin).at
    assert gone["lastSeen"] == at.isoformat()
    assert began <= at <= timezone.now()


def test_who_comes_back_within_ten_seconds_was_never_gone(opened, lin, wei, thread):
    weis = opened(wei.user)
    client = opened(lin)
    weis.heard(of(lin), SOON)

    for _time in range(3):
        client.socket.close()
        assert told_of(lin, weis, GRACE * 0.4) == []
        client = opened(lin)

    assert told_of(lin, weis, GRACE * 1.5) == []


def test_only_the_last_socket_counts(opened, lin, wei, thread):
    weis = opened(wei.user)
    first, _second = opened(lin), opened(lin)
    weis.heard(of(lin), SOON)

    first.socket.close()

    assert told_of(lin, weis, GRACE * 2) == []


def test_a_group_hears_it_too(opened, lin, wei, fang):
    talk.group(fang, lin, wei.user, at=timezone.now())
    weis = opened(wei.user)

    opened(lin)

    assert weis.until(of(lin), SOON)["data"]["online"] is True


def test_strangers_the_blocked_and_those_who_have_left_see_nothing(opened, lin, wei, fang, thread):
    bo = world.register("Bo", phone="+8613800000007")
    blocked = talk.between(lin, bo, at=timezone.now())
    run_in_transaction(lambda: services.block(lin, by=Actor.of(bo), at=timezone.now()))
    lan = world.register("Lan", phone="+8613800000008")
    flat = talk.group(lin, wei.user, lan, at=timezone.now())
    run_in_transaction(lambda: services.leave(flat, by=Actor.of(lan), at=timezone.now()))
    weis, others = opened(wei.user), [opened(fang), opened(bo), opened(lan)]
    assert blocked.participants.count() == 2

    lins = opened(lin)
    weis.heard(of(lin), SOON)
    lins.socket.close()
    weis.until(lambda one: of(lin)(one) and not one["data"]["online"], SOON)

    # The one who is talked to has heard it all; the others nothing.
    for other in others:
        assert told_of(lin, other, 0.3) == []


def test_nobody_is_told_of_themselves(opened, lin, thread):
    lins = opened(lin)

    assert told_of(lin, lins, 1.0) == []


def test_it_is_kept_nowhere(opened, lin, wei, thread):
    weis = opened(wei.user)
    opened(lin)
    frame = weis.heard(of(lin), SOON)

    assert "u" not in frame
    assert weis.ask("ping")["data"]["u"] == weis.frames[0]["data"]["u"]


def test_whoever_is_killed_with_their_process_is_soon_shown_as_gone(
    live_uvicorn, opened, lin, wei, thread
):
    """Another process finds it out, and says so once. Its leases run for fifteen seconds."""
    if not settings.REDIS_URL:
        pytest.skip("needs two processes, and so Redis")
    first, second, third = live_uvicorn(), live_uvicorn(), live_uvicorn()
    watching = [opened(wei.user, second), opened(wei.user, third)]
    opened(lin, first)
    for client in watching:
        client.heard(of(lin), SOON)

    first.kill()
    killed = time.monotonic()

    for client in watching:
        assert client.until(of(lin), 30)["data"]["online"] is False
        assert time.monotonic() - killed < 30
        assert told_of(lin, client, 1.0) == []


def test_the_sockets_of_a_process_that_lives_are_not(live_uvicorn, opened, lin, wei, thread):
    """The control: nobody is shown as gone whose process is well, for as long as that takes."""
    if not settings.REDIS_URL:
        pytest.skip("needs two processes, and so Redis")
    first, second = live_uvicorn(), live_uvicorn()
    weis = opened(wei.user, second)
    opened(lin, first)
    weis.heard(of(lin), SOON)

    assert told_of(lin, weis, 18) == []


def test_both_processes_tell_it_once(live_uvicorn, opened, lin, wei, thread):
    servers = [live_uvicorn(), live_uvicorn()] if settings.REDIS_URL else [live_uvicorn()] * 2
    weis = [opened(wei.user, server) for server in servers]
    clients = [opened(lin, server) for server in servers]
    for one in weis:
        one.heard(of(lin), SOON)

    for client in clients:
        client.socket.close()

    for one in weis:
        assert told_of(lin, one, GRACE * 2 + 1) == [False]


# --- What pages and the API ask


@pytest.mark.skipif(not settings.REDIS_URL, reason="without Redis each process knows its own")
def test_pages_are_told_who_is_there(opened, lin, wei, fang):
    lins = opened(lin)
    note_seen([fang.pk], at=timezone.now() - timedelta(hours=1))

    told = seen([lin.pk, wei.user.pk, fang.pk])

    assert told[lin.pk].is_online is True
    assert told[wei.user.pk] == Seen(False, None)
    assert told[fang.pk].last_seen == LastSeen.objects.get(user=fang).at
    # By the next look of some process.
    while not shown.still_shown([lin.pk]):
        time.sleep(0.02)
    began = time.monotonic()
    lins.socket.close()
    while online_among([lin.pk]):
        time.sleep(0.02)
    # Between two pages one is still there; unless this machine has slept for so long.
    still_there = seen([lin.pk])[lin.pk].is_online
    assert still_there or time.monotonic() - began > grace_seconds()


def test_nobody_can_say_while_redis_is_down(lin, monkeypatch):
    def down(_ids):
        raise Down[0]

    note_seen([lin.pk], at=timezone.now())
    monkeypatch.setattr("notifications.selectors.seen.online_among", down)

    told = seen([lin.pk])[lin.pk]

    assert told.is_online is None
    assert told.last_seen is not None


def test_when_somebody_was_last_there_only_grows(lin):
    now = timezone.now()

    note_seen([lin.pk], at=now)
    note_seen([lin.pk, 999_999], at=now - timedelta(minutes=1))

    assert LastSeen.objects.get().at == now


# --- Without a server


@pytest.fixture
def sockets_of_all(monkeypatch, settings):
    """Whoever is in this set has a socket; nobody is shown yet."""
    settings.REDIS_URL = ""
    there: set[int] = set()
    monkeypatch.setattr(shown.presence, "online", lambda: dict.fromkeys(there, 1))
    monkeypatch.setattr(shown, "_memory", shown._Memory())
    return there


def test_each_change_is_told_once(sockets_of_all, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(shown.time, "time", lambda: clock[0])

    def look(after=0.1):
        clock[0] += after
        change = shown.compare()
        return change.came, set(change.gone)

    sockets_of_all.add(7)
    assert look() == ({7}, set())
    assert look() == (set(), set())
    sockets_of_all.clear()
    assert look() == (set(), set())
    assert look(grace_seconds() * 0.9) == (set(), set())
    sockets_of_all.add(7)
    assert look() == (set(), set())
    sockets_of_all.clear()
    assert look(grace_seconds()) == (set(), set())
    # Came and went between two looks.
    clock[0] += grace_seconds() * 0.9
    shown.note_left(7)
    assert look(grace_seconds() * 0.9) == (set(), set())
    assert look(grace_seconds()) == (set(), {7})
    assert look() == (set(), set())


@pytest.mark.skipif(not settings.REDIS_URL, reason="of many processes")
def test_of_many_that_look_at_once_one_tells_it(monkeypatch):
    there = {1_000_001: 1}
    monkeypatch.setattr(shown.presence, "online", lambda: there)
    # As if each came in a tick of its own.
    monkeypatch.setattr(shown, "TURN", "rt:test:turn")
    changes = []

    def look():
        shown.shared_redis().delete("rt:test:turn")
        changes.append(shown.compare())

    threads = [threading.Thread(target=look) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown.shared_redis().hdel(shown.SHOWN, "1000001")

    assert sum(1_000_001 in change.came for change in changes) == 1


def test_acquainted_are_those_who_talk_now(lin, wei, fang, thread):
    bo = world.register("Bo", phone="+8613800000007")
    flat = talk.group(lin, fang, bo, at=timezone.now())
    run_in_transaction(lambda: services.leave(flat, by=Actor.of(bo), at=timezone.now()))

    known = acquainted([lin.pk, wei.user.pk, bo.pk])

    assert known == {lin.pk: {wei.user.pk, fang.pk}, wei.user.pk: {lin.pk}}
