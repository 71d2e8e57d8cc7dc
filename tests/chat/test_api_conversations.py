"""GET and POST /api/v1/chat/conversations, and what concerns one of them."""

from datetime import timedelta

import pytest
import time_machine

from booking_site.common import pace
from booking_site.common.actors import Actor
from chat import limits
from chat.api.views import conversations, members
from chat.gateways import presence
from chat.models import Block, Conversation, Participant
from chat.services import block, mark_read, mute, put_away
from tests.appointments import world
from tests.callers import data_of, refusal_of
from tests.factories import UserFactory

from .conftest import NOW
from .door import app, at
from .talk import between, group, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
FIELDS = {
    *("id", "name", "type", "isActive", "metadata", "participants", "card", "messages", "_count"),
    *("unreadCount", "isMuted", "lastSeq", "lastReadSeq", "createdAt", "updatedAt"),
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(realtor, lin):
    return world.confirmed(realtor.store, world.clock("14:00"), realtor=realtor, customer=lin)


# --- Reading --------------------------------------------------------------------------------


def test_a_conversation_as_one_of_the_two_sees_it(lin, wei, lin_and_wei, monkeypatch):
    monkeypatch.setattr(presence, "_lookouts", [])
    say(wei, lin_and_wei, "Hello", at=LATER)

    (data,) = data_of(app(lin).get("conversations"))

    assert set(data) == FIELDS
    assert (data["id"], data["name"], data["type"]) == (str(lin_and_wei.pk), "Wei", "service")
    assert data["metadata"] == {"serviceId": None, "orderId": None}
    assert (data["isActive"], data["isMuted"], data["card"]) == (True, False, None)
    assert (data["unreadCount"], data["_count"]) == (1, {"messages": 1})
    assert (data["lastSeq"], data["lastReadSeq"]) == (1, 0)
    assert data["updatedAt"] == LATER.isoformat()
    (last,) = data["messages"]
    assert (last["content"], last["status"]) == ({"text": "Hello"}, None)
    shown = {one["user"]["displayName"]: one for one in data["participants"]}
    assert shown["Lin"] == {
        "user": {
            "id": str(lin.pk),
            "displayName": "Lin",
            "avatarUrl": lin.avatar_url,
            "userType": "customer",
        },
        "role": "customer",
        "joinedAt": NOW.isoformat(),
        "lastReadAt": None,
        "lastReadSeq": 0,
        "lastDeliveredSeq": 0,
        "presence": {"online": None, "lastSeen": None},
    }
    assert (shown["Wei"]["role"], shown["Wei"]["lastReadSeq"]) == ("provider", 1)
    assert data_of(app(lin).get(at(lin_and_wei))) == data


def test_the_one_in_which_something_was_said_last_comes_first(lin, wei, mei, lin_and_wei):
    other = between(lin, mei, at=NOW)
    say(wei, lin_and_wei, at=LATER)

    answer = app(lin).get("conversations", limit=1)

    assert [one["id"] for one in data_of(answer)] == [str(lin_and_wei.pk)]
    assert answer.json()["pagination"] == {"page": 1, "limit": 1, "total": 2}
    second = data_of(app(lin).get("conversations", limit=1, page=2))
    assert [one["id"] for one in second] == [str(other.pk)]


def test_what_was_put_away_is_in_a_list_of_its_own(lin, lin_and_wei):
    put_away(lin_and_wei, at=NOW)

    assert data_of(app(lin).get("conversations")) == []
    (data,) = data_of(app(lin).get("conversations", archived="true"))
    assert not data["isActive"]


def test_it_says_who_is_there_and_asks_once_for_all(lin, wei, mei, lin_and_wei, monkeypatch):
    between(lin, mei, at=NOW)
    asked = []

    def lookout(ids):
        asked.append(set(ids))
        return {wei.pk: presence.Seen(True, LATER)}

    monkeypatch.setattr(presence, "_lookouts", [lookout])

    lists = data_of(app(lin).get("conversations"))

    assert asked == [{lin.pk, wei.pk, mei.pk}]
    there = {
        one["user"]["displayName"]: one["presence"]
        for data in lists
        for one in data["participants"]
    }
    assert there["Wei"] == {"online": True, "lastSeen": LATER.isoformat()}
    assert there["Mei"] == {"online": None, "lastSeen": None}


@pytest.mark.parametrize("blocker", ["lin", "wei"])
def test_of_who_is_blocked_or_has_blocked_nothing_is_known(blocker, lin, wei, monkeypatch):
    conversation = between(lin, wei, at=NOW)
    people = {"lin": lin, "wei": wei}
    other = next(user for name, user in people.items() if name != blocker)
    block(other, by=Actor.of(people[blocker]), at=NOW)

    def all_there(ids):
        return {pk: presence.Seen(True, LATER) for pk in ids}

    monkeypatch.setattr(presence, "_lookouts", [all_there])

    shown = data_of(app(lin).get(f"conversations/{conversation.pk}"))["participants"]

    there = {one["user"]["displayName"]: one["presence"]["online"] for one in shown}
    assert there == {"Lin": True, "Wei": None}


# --- Beginning ------------------------------------------------------------------------------


def test_a_new_one_is_201_and_the_one_there_is_200(lin, wei):
    made = data_of(app(lin).post("conversations", {"targetUserId": wei.pk}), 201)
    found = data_of(app(wei).post("conversations", {"targetUserId": str(lin.pk)}), 200)

    assert set(made) == FIELDS
    assert (made["id"], made["name"], found["name"]) == (found["id"], "Wei", "Lin")
    assert Conversation.objects.count() == 1


def test_about_an_order_that_is_between_the_two(lin, wei, visit):
    body = {"targetUserId": wei.pk, "orderId": str(visit.pk)}

    made = data_of(app(lin).post("conversations", body), 201)

    assert made["metadata"]["orderId"] == made["card"]["orderId"] == str(visit.pk)
    assert made["card"]["status"] == "confirmed"
    assert data_of(app(lin).post("conversations", body), 200)["id"] == made["id"]


def test_what_is_named_and_is_not_there_is_404(lin, wei, mei, visit, guan):
    nobody = UserFactory(is_active=False)
    wrong = [
        ({"targetUserId": "0"}, "targetUserId"),
        ({"targetUserId": "9" * 30}, "targetUserId"),
        ({"targetUserId": "me"}, "targetUserId"),
        ({"targetUserId": "-1"}, "targetUserId"),
        ({"targetUserId": nobody.pk}, "targetUserId"),
        ({"targetUserId": wei.pk, "serviceId": 1}, "serviceId"),
        ({"targetUserId": wei.pk, "orderId": 10**9}, "orderId"),
        ({"targetUserId": wei.pk, "orderId": "x"}, "orderId"),
        ({"targetUserId": mei.pk, "orderId": visit.pk}, "orderId"),
        ({"participantIds": [wei.pk, 10**9], "name": "Us"}, "participantIds"),
        ({"participantIds": [wei.pk, nobody.pk], "name": "Us"}, "participantIds"),
    ]
    for body, field in wrong:
        assert set(refusal_of(app(lin).post("conversations", body), 404, "not_found")) == {field}
    # Not theirs to talk about, although one of them may see it.
    for who in (mei, guan):
        body = {"targetUserId": wei.pk, "orderId": visit.pk}
        refused = refusal_of(app(who).post("conversations", body), 404, "not_found")
        assert set(refused) == {"orderId"}
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "targetUserId"),
        ({"targetUserId": None}, "targetUserId"),
        ({"targetUserId": [1]}, "targetUserId"),
        ({"targetUserId": True}, "targetUserId"),
        ({"participantIds": 5}, "participantIds"),
        ({"participantIds": [], "name": "Us"}, "participantIds"),
        ({"participantIds": [None]}, "participantIds"),
        ({"participantIds": ["1"] * 51}, "participantIds"),
        ({"participantIds": ["1"], "targetUserId": "1"}, "targetUserId"),
        ({"targetUserId": "1", "name": "x" * 61}, "name"),
    ],
)
def test_what_makes_no_sense_is_400(lin, body, field):
    assert field in refusal_of(app(lin).post("conversations", body), 400, "invalid")


def test_whoever_has_blocked_the_caller_is_not_written_to(lin, wei):
    Block.objects.create(blocker=wei, blocked=lin, created_at=NOW)

    refusal_of(app(lin).post("conversations", {"targetUserId": wei.pk}), 403, "forbidden")


def test_a_group_and_what_its_members_do_with_it(lin, wei, mei):
    body = {"participantIds": [str(wei.pk), wei.pk], "name": "Flat"}
    made = data_of(app(lin).post("conversations", body), 201)
    assert (made["type"], made["name"], len(made["participants"])) == ("group", "Flat", 2)
    path = at(made["id"])

    renamed = data_of(app(wei).patch(path, {"name": "Garden"}))
    assert renamed["name"] == "Garden"
    more = data_of(app(wei).post(f"{path}/participants", {"participantIds": [mei.pk]}))
    roles = {one["user"]["displayName"]: one["role"] for one in more["participants"]}
    assert roles == {"Lin": "owner", "Wei": "member", "Mei": "member"}
    assert app(mei).post(f"{path}/leave").status_code == 204
    refusal_of(app(mei).get(path), 404, "not_found")
    assert len(data_of(app(lin).get(path))["participants"]) == 2


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "a\nb"}, {"name": "x" * 61}])
def test_a_group_has_a_name(lin, wei, body):
    flat = group(lin, wei, at=NOW)

    refused = refusal_of(app(lin).patch(at(flat), body), 400, "invalid")

    assert set(refused) == {"name"}


def test_two_have_no_name_and_do_not_leave(lin, wei, mei, lin_and_wei):
    path = at(lin_and_wei)

    refusal_of(app(lin).patch(path, {"name": "Us"}), 409, "conflict")
    refusal_of(app(lin).post(f"{path}/leave"), 409, "conflict")
    body = {"participantIds": [mei.pk]}
    refusal_of(app(lin).post(f"{path}/participants", body), 409, "conflict")


def test_a_repeated_key_is_the_first_answer_again(lin, wei):
    body = {"participantIds": [wei.pk], "name": "Flat"}

    one = app(lin).post("conversations", body, Idempotency_Key="k")
    again = app(lin).post("conversations", body, Idempotency_Key="k")

    assert one.status_code == again.status_code == 201
    assert data_of(one, 201)["id"] == data_of(again, 201)["id"]
    assert again["Idempotency-Replayed"] == "true"
    assert Conversation.objects.count() == 1


# --- Groups -----------------------------------------------------------------------------------


def test_of_a_closed_account_there_is_no_picture(lin, wei, lin_and_wei):
    wei.avatar, wei.is_active = "avatars/wei.jpg", False
    wei.save()

    data = data_of(app(lin).get(at(lin_and_wei)))

    assert [one["user"]["avatarUrl"] for one in data["participants"]] == [None, None]


def test_changes_of_groups_have_a_pace_because_everybody_is_told(lin, wei, mei, monkeypatch):
    slow = pace.Pace("chat-groups", rate=0.1, burst=2)
    for module in (conversations, members):
        monkeypatch.setattr(module, "GROUPS", slow)
    flat = at(group(lin, wei, at=NOW))

    data_of(app(lin).patch(flat, {"name": "Ours"}))
    data_of(app(lin).post(f"{flat}/participants", {"participantIds": [mei.pk]}))

    refusal_of(app(lin).patch(flat, {"name": "Theirs"}), 429, "rate_limited")
    more = {"participantIds": [mei.pk]}
    refusal_of(app(lin).post(f"{flat}/participants", more), 429, "rate_limited")
    data_of(app(wei).patch(flat, {"name": "Wei's"}))


# --- Ids are not walked for names -------------------------------------------------------------


@pytest.fixture
def three_an_hour(monkeypatch):
    few = limits.Limit("chat-new", most=3, per=timedelta(hours=1))
    monkeypatch.setattr(limits, "NEW_PEOPLE", (few,))


def test_after_so_many_whom_one_has_never_talked_to_it_is_429(lin, wei, three_an_hour, clock):
    known = between(lin, wei, at=NOW)
    for body in (
        {"targetUserId": UserFactory().pk},
        {"targetUserId": 10**9},
        {"targetUserId": UserFactory().pk},
    ):
        assert app(lin).post("conversations", body).status_code in (201, 404)

    refused = app(lin).post("conversations", {"targetUserId": UserFactory().pk})
    refusal_of(refused, 429, "rate_limited")
    assert 0 < int(refused["Retry-After"]) <= 3600

    # Whom one knows one still finds.
    found = data_of(app(lin).post("conversations", {"targetUserId": wei.pk}), 200)
    assert found["id"] == str(known.pk)
    clock.shift(timedelta(hours=1))
    data_of(app(lin).post("conversations", {"targetUserId": UserFactory().pk}), 201)


def test_groups_are_no_way_round_it(lin, wei, three_an_hour):
    people = [one.pk for one in UserFactory.create_batch(4)]
    body = {"participantIds": people[:3], "name": "Us"}
    # Three strangers, and the group itself.
    refusal_of(app(lin).post("conversations", body), 429, "rate_limited")

    flat = data_of(app(lin).post("conversations", body | {"participantIds": people[:2]}), 201)

    more = {"participantIds": people[3:]}
    refusal_of(app(lin).post(f"{at(flat['id'])}/participants", more), 429, "rate_limited")
    same = {"participantIds": people[:2]}
    data_of(app(lin).post(f"{at(flat['id'])}/participants", same))


def test_what_another_has_used_up_is_not_the_callers(lin, wei, mei, three_an_hour):
    for _ in range(4):
        app(lin).post("conversations", {"targetUserId": UserFactory().pk})

    data_of(app(wei).post("conversations", {"targetUserId": mei.pk}), 201)


# --- One's own -------------------------------------------------------------------------------


def test_reading_up_to_a_number(lin, wei, lin_and_wei):
    for _ in range(3):
        say(wei, lin_and_wei, at=NOW)
    path = at(lin_and_wei, "read")
    shape = {"conversationId": str(lin_and_wei.pk)}

    assert data_of(app(lin).post(path, {"seq": 2})) == shape | {"seq": 2}
    assert data_of(app(lin).post(path, {"seq": 1})) == shape | {"seq": 2}
    assert data_of(app(lin).post(path, {"seq": 99})) == shape | {"seq": 3}
    assert data_of(app(lin).get(at(lin_and_wei)))["unreadCount"] == 0


@pytest.mark.parametrize("seq", [None, -1, 10**18, 10**400, "x", [1], 1.5, True])
def test_a_number_that_is_none_is_refused(lin, lin_and_wei, seq):
    answer = app(lin).post(at(lin_and_wei, "read"), {"seq": seq})

    assert set(refusal_of(answer, 400, "invalid")) == {"seq"}


def test_muting_is_for_oneself(lin, wei, lin_and_wei):
    path = at(lin_and_wei, "mute")

    data = data_of(app(lin).post(path, {"muted": True}))
    assert data == {"conversationId": str(lin_and_wei.pk), "isMuted": True}
    assert data_of(app(lin).get(at(lin_and_wei)))["isMuted"]
    assert not Participant.objects.get(user=wei, conversation=lin_and_wei).is_muted
    assert not data_of(app(lin).post(path, {"muted": False}))["isMuted"]
    assert data_of(app(lin).post(path))["isMuted"]
    assert set(refusal_of(app(lin).post(path, {"muted": []}), 400, "invalid")) == {"muted"}


def test_how_much_waits_to_be_read(lin, wei, mei, lin_and_wei):
    other = between(lin, mei, at=NOW)
    for conversation, who in ((lin_and_wei, wei), (lin_and_wei, wei), (other, mei)):
        say(who, conversation, at=NOW)
    assert data_of(app(lin).get("unread")) == {"conversations": 2, "messages": 3}

    mute(other, muted=True, by=Actor.of(lin), at=NOW)
    mark_read(lin_and_wei.pk, 1, by=Actor.of(lin), at=NOW)

    assert data_of(app(lin).get("unread")) == {"conversations": 1, "messages": 1}
