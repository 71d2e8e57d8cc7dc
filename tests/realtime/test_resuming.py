"""Coming back: whoever says what they have is told the rest, whatever it is."""

import pytest
from django.db.models import F

from notifications.models import UserEvent, UserStream
from notifications.selectors import stream

from .conftest import on_both_layers
from .happenings import told

pytestmark = [pytest.mark.django_db(transaction=True), on_both_layers]


@pytest.fixture
def client(site, sockets, fang):
    """Fang's socket, opened when the test asks for it: after what has happened before."""

    def come_back():
        client = sockets.open(site, fang)
        client.welcome()
        return client

    return come_back


def resumed(client, since, last):
    """The answer, and the numbers that follow it up to ``last``."""
    answer = client.ask("resume", {"since": since})
    while client.numbers[-1:] != [last]:
        client.receive()
    return answer["data"], client.numbers


@pytest.mark.parametrize("since", [0, 1, 9])
def test_what_was_missed_follows(client, fang, since):
    told(fang, 10)

    answer, numbers = resumed(client(), since, 10)

    assert answer == {"u": 10, "missed": 10 - since}
    assert numbers == list(range(since + 1, 11))


def test_whoever_has_missed_nothing_is_told_nothing(client, fang):
    told(fang, 3)
    back = client()

    assert back.ask("resume", {"since": 3})["data"] == {"u": 3, "missed": 0}
    assert back.quiet(1.2) == []


def test_a_stream_in_which_nothing_has_happened_can_be_resumed(client):
    back = client()

    assert back.ask("resume", {"since": 0})["data"] == {"u": 0, "missed": 0}
    assert back.quiet(0.5) == []


@pytest.mark.parametrize("count", [499, 500, 501, 1000, 1001])
def test_the_borders_of_a_page_are_nothing_to_a_client(client, fang, count):
    told(fang, count)

    _answer, numbers = resumed(client(), 0, count)

    assert numbers == list(range(1, count + 1))


def test_whoever_claims_to_have_more_than_there_is_begins_anew(client, fang):
    told(fang, 3)
    back = client()

    answer = back.ask("resume", {"since": 4})

    assert answer["data"] == {"u": 3, "missed": 0}
    # The answer comes first.
    assert back.receive()["event"] == "reset"
    assert back.frames[-1]["data"] == {"u": 3, "floor": 1}
    told(fang)
    assert back.until("queue-updated")["u"] == 4


@pytest.mark.parametrize(("since", "knows"), [(4, True), (3, False), (5, True)])
def test_what_is_not_kept_any_more_cannot_be_told(client, fang, since, knows):
    """The floor is 5: whoever has 4 misses nothing that is gone."""
    told(fang, 10)
    UserEvent.objects.filter(user=fang, u__lt=5).delete()
    UserStream.objects.filter(pk=fang.pk).update(floor_u=5)
    back = client()

    answer = back.ask("resume", {"since": since})

    assert answer["data"]["missed"] == (10 - since if knows else 0)
    assert back.receive()["event"] == ("queue-updated" if knows else "reset")


def test_neither_can_what_was_forgotten_since_one_came(client, fang):
    """The socket knows of a floor that has risen meanwhile."""
    told(fang, 10)
    back = client()
    UserEvent.objects.filter(user=fang, u__lt=5).delete()
    UserStream.objects.filter(pk=fang.pk).update(floor_u=5)

    back.send("resume", {"since": 2})

    assert back.until("reset")["data"] == {"u": 10, "floor": 5}
    told(fang)
    assert back.until("queue-updated")["u"] == 11


def test_whoever_has_missed_too_much_begins_anew(client, fang, monkeypatch):
    told(fang, 1)
    # As if five thousand more had been told; nobody would read them.
    UserStream.objects.filter(pk=fang.pk).update(last_u=F("last_u") + stream.MOST_MISSED)
    back = client()

    back.ask("resume", {"since": 0})

    assert back.receive()["event"] == "reset"


def test_who_asks_for_thousands_again_and_again_has_to_wait(client, fang):
    """A few bytes of theirs would else keep a process busy for everybody."""
    told(fang, 4900)
    back = client()
    # Asked for when most of it was told again: to begin anew costs what was told until then.
    for number in range(20):
        answer = back.ask("resume", {"since": 0}, id=f"r{number}")
        if not answer["ok"]:
            break
        back.until(lambda frame: frame.get("u") == 4000)

    assert answer["error"]["code"] == "rate_limited"
    assert answer["error"]["retry"] is True
    assert answer["error"]["after_ms"] > 0
    assert back.ask("resume", {"since": 4800}, id="c2")["ok"] is True


def test_resuming_again_tells_it_again(client, fang):
    told(fang, 3)
    back = client()
    resumed(back, 0, 3)

    back.frames.clear()
    _answer, numbers = resumed(back, 1, 3)

    assert numbers == [2, 3]


def test_what_happens_while_one_resumes_comes_after_it(client, fang):
    told(fang, 600)
    back = client()

    # What was on its way before the answer is not what the client has asked for.
    back.ask("resume", {"since": 0})
    before = len(back.numbers)
    told(fang, 3)
    while back.numbers[-1:] != [603]:
        back.receive()

    assert back.numbers[before:] == list(range(1, 604))


def test_many_who_come_and_go_miss_nothing(client, fang):
    """Each takes up where the one before has left."""
    seen = 0
    for turn in range(8):
        told(fang, 1 + turn % 3)
        back = client()
        _answer, numbers = resumed(back, seen, UserStream.objects.get(pk=fang.pk).last_u)
        assert numbers == list(range(seen + 1, numbers[-1] + 1))
        seen = numbers[-1]
        back.socket.close()
