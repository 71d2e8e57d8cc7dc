"""Reports and blocks by HTTP."""

from datetime import timedelta

import pytest
import time_machine

from booking_site.common.actors import Actor
from chat import limits
from chat.models import Block, MessageReport
from chat.services import leave
from tests.callers import data_of, refusal_of

from .conftest import NOW
from .door import ROOT, app, at
from .talk import between, group, say

pytestmark = pytest.mark.django_db
BLOCKS = f"{ROOT}/blocks"


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_message_and_a_conversation_are_reported(lin, wei, lin_and_wei):
    rude = say(wei, lin_and_wei, "You fool", at=NOW)
    path = at(lin_and_wei, "report")
    body = {"messageId": str(rude.pk), "reason": "abuse", "words": "He is rude."}

    data = data_of(app(lin).post(path, body), 201)

    assert data == {
        "id": str(MessageReport.objects.get().pk),
        "conversationId": str(lin_and_wei.pk),
        "messageId": str(rude.pk),
        "reason": "abuse",
        "words": "He is rude.",
        "state": "open",
        "createdAt": NOW.isoformat(),
    }
    refusal_of(app(lin).post(path, body), 409, "conflict")
    whole = data_of(app(lin).post(path, {"reason": "spam"}), 201)
    assert (whole["messageId"], whole["words"]) == (None, "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "boring"}, "reason"),
        ({"reason": []}, "reason"),
        ({"reason": "spam", "words": "x" * 501}, "words"),
        ({"reason": "spam", "words": ["x"]}, "words"),
        ({"reason": "spam", "messageId": {}}, "messageId"),
    ],
)
def test_what_makes_no_sense_is_400(lin, lin_and_wei, body, field):
    answer = app(lin).post(at(lin_and_wei, "report"), body)

    assert set(refusal_of(answer, 400, "invalid")) == {field}


def test_a_message_of_elsewhere_is_not_there(lin, mei, lin_and_wei):
    other = say(lin, between(lin, mei, at=NOW), at=NOW)

    for pk in (other.pk, "x", "0", 10**9):
        body = {"messageId": pk, "reason": "spam"}
        refusal_of(app(lin).post(at(lin_and_wei, "report"), body), 404, "not_found")


def test_after_many_reports_it_is_429(lin, lin_and_wei, monkeypatch):
    few = limits.Limit("chat-report", most=2, per=timedelta(hours=1))
    monkeypatch.setattr(limits, "REPORTS", (few,))
    path = at(lin_and_wei, "report")
    for _ in range(2):
        app(lin).post(path, {"reason": "spam"})

    refusal_of(app(lin).post(path, {"reason": "spam"}), 429, "rate_limited")


def test_blocking_listing_and_unblocking(lin, wei, lin_and_wei):
    for _ in range(2):
        data = data_of(app(lin).post(BLOCKS, {"userId": str(wei.pk)}), 201)
    assert (data["user"]["displayName"], data["createdAt"]) == ("Wei", NOW.isoformat())

    answer = app(lin).get(BLOCKS)
    assert data_of(answer) == [data]
    assert answer.json()["pagination"]["total"] == 1
    assert data_of(app(wei).get(BLOCKS)) == []

    for _ in range(2):
        assert app(lin).delete(f"{BLOCKS}/{wei.pk}").status_code == 204
    assert not Block.objects.exists()


def test_whom_one_never_talked_to_is_not_there_to_be_blocked(lin, mei):
    """Their name would be told."""
    for pk in (mei.pk, 10**9, "x", "9" * 30):
        refused = refusal_of(app(lin).post(BLOCKS, {"userId": pk}), 404, "not_found")
        assert set(refused) == {"userId"}
        refusal_of(app(lin).delete(f"{BLOCKS}/{pk}"), 404, "not_found")


def test_whom_one_has_left_a_group_with_can_be_blocked(lin, wei, mei):
    flat = group(wei, lin, mei, at=NOW)
    leave(flat, by=Actor.of(lin), at=NOW)

    data_of(app(lin).post(BLOCKS, {"userId": mei.pk}), 201)


@pytest.mark.parametrize("named", [None, [], {}, True, 1.5])
def test_somebody_is_an_id(lin, named):
    assert set(refusal_of(app(lin).post(BLOCKS, {"userId": named}), 400, "invalid")) == {"userId"}


def test_nobody_blocks_themselves(lin):
    refusal_of(app(lin).post(BLOCKS, {"userId": lin.pk}), 400, "invalid")
