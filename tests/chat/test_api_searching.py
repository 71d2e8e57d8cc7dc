"""GET /api/v1/chat/search."""

from datetime import timedelta

import pytest
import time_machine

from booking_site.common import pace
from booking_site.common.actors import Actor
from chat import limits
from chat.models import Message
from chat.selectors import searching
from chat.services import add_people, leave, put_away, take_back
from tests.callers import data_of, refusal_of

from .conftest import NOW
from .door import app
from .talk import between, group, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def found(user, q, **more):
    return [
        one["message"]["content"]["text"] for one in data_of(app(user).get("search", q=q, **more))
    ]


def test_words_in_all_of_ones_conversations_the_newest_first(lin, wei, mei, lin_and_wei):
    other = between(lin, mei, at=NOW)
    say(wei, lin_and_wei, "The flat is free", at=NOW)
    say(mei, other, "What a FLAT!", at=NOW + timedelta(minutes=1))
    say(mei, other, "Something else", at=NOW)

    answer = app(lin).get("search", q="flat", limit=1)

    (data,) = data_of(answer)
    assert data["message"]["content"] == {"text": "What a FLAT!"}
    assert data["conversation"] == {"id": str(other.pk), "name": "Mei"}
    assert answer.json()["pagination"] == {"page": 1, "limit": 1, "total": 2}
    assert found(lin, "flat", limit=1, page=2) == ["The flat is free"]
    assert found(lin, "flat", conversationId=lin_and_wei.pk) == ["The flat is free"]


@pytest.mark.parametrize(
    ("said", "q"),
    [("今天看房吗", "看"), ("50% off", "50%"), ("a_b", "a_b"), ("a\\b", "\\"), ("it's", "'")],
)
def test_one_sign_is_enough_and_signs_mean_themselves(lin, lin_and_wei, said, q):
    say(lin, lin_and_wei, said, at=NOW)
    say(lin, lin_and_wei, "50 off, acb, hello", at=NOW)

    assert found(lin, q) == [said]


@pytest.mark.parametrize("q", ["", "  ", "\u200b", "x" * 51, "a\nb", None])
def test_what_nobody_can_see_is_not_looked_for(lin, lin_and_wei, q):
    query = {} if q is None else {"q": q}

    assert set(refusal_of(app(lin).get("search", **query), 400, "invalid")) == {"q"}


def test_nobody_finds_what_is_not_theirs_to_see(lin, wei, mei, lin_and_wei):
    flat = group(lin, wei, mei, at=NOW)
    say(lin, flat, "secret one", at=NOW)
    leave(flat, by=Actor.of(mei), at=NOW)
    assert found(mei, "secret") == []

    add_people(flat, [mei], by=Actor.of(lin), at=NOW)
    say(lin, flat, "secret two", at=NOW)
    say(lin, lin_and_wei, "secret three", at=NOW)

    assert found(mei, "secret") == ["secret two"]
    for pk in (lin_and_wei.pk, 10**9, "x"):
        refusal_of(app(mei).get("search", q="secret", conversationId=pk), 404, "not_found")


def test_what_is_gone_is_not_found(lin, lin_and_wei):
    taken_back, hidden = (say(lin, lin_and_wei, f"word {n}", at=NOW) for n in range(2))
    take_back(taken_back, by=Actor.of(lin), at=NOW)
    Message.objects.filter(pk=hidden.pk).update(hidden_at=NOW)

    assert found(lin, "word") == []


def test_what_was_put_away_is_found_too(lin, lin_and_wei):
    say(lin, lin_and_wei, "word", at=NOW)
    put_away(lin_and_wei, at=NOW)

    assert found(lin, "word") == ["word"]


def test_without_a_conversation_there_is_nothing_to_find(mei):
    assert found(mei, "word") == []


def test_it_looks_at_the_newest_numbers_only(lin, wei, mei, lin_and_wei, monkeypatch):
    monkeypatch.setattr(searching, "DEEPEST", 3)
    for n in range(1, 6):
        say(lin, lin_and_wei, f"word {n}", at=NOW + timedelta(seconds=n))
    assert found(lin, "word") == ["word 5", "word 4", "word 3"]

    say(lin, between(lin, mei, at=NOW), "word to Mei", at=NOW + timedelta(minutes=1))
    monkeypatch.setattr(searching, "MOST_NUMBERS", 2)
    assert found(lin, "word") == ["word to Mei", "word 5"]
    monkeypatch.setattr(searching, "MOST_CONVERSATIONS", 1)
    assert found(lin, "word") == ["word to Mei"]


def test_ten_searches_at_once_and_then_slowly(lin, monkeypatch):
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(pace.settings, "REDIS_URL", "")
    for _ in range(limits.SEARCHES.burst):
        data_of(app(lin).get("search", q="a"))

    refused = app(lin).get("search", q="a")

    refusal_of(refused, 429, "rate_limited")
    assert refused["Retry-After"] in ("2", "3")
