"""The chat of seed 4, at the paths and in the shapes of its document: two browsers talk."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.services import issue_tokens
from booking_site.common.actors import Actor
from tests.appointments import world
from tests.callers import data_of, refusal_of

from .people import BY_THEN, Scene

ROOT = "/api/v1/chat/conversations"


class Browser:
    """As the seed's fetch calls: a bearer token, and JSON."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.client = APIClient(headers=headers | {"accept-language": "en"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(ROOT + path, body or {}, format="json")


@pytest.fixture
def fang(scene: Scene) -> Browser:
    return Browser(scene.headers("customer"))


@pytest.fixture
def wei(scene: Scene) -> Browser:
    return Browser(scene.headers("realtor"))


@pytest.fixture
def lan(scene: Scene) -> Browser:
    """Somebody who has talked to nobody."""
    user = world.register("Lan")
    token = issue_tokens(user, by=Actor.of(user), at=BY_THEN).access
    return Browser({"Authorization": f"Bearer {token}"})


def test_the_list_of_conversations(fang: Browser, scene: Scene):
    answer = fang.get("", page=1, limit=20)

    rows = data_of(answer)
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 2}
    assert {row["type"] for row in rows} == {"service", "group"}
    service = next(row for row in rows if row["type"] == "service")
    assert service["metadata"] == {"serviceId": None, "orderId": scene.ids["orderId"][0]}
    assert {one["role"] for one in service["participants"]} == {"customer", "provider"}
    person = service["participants"][0]["user"]
    assert set(person) == {"id", "displayName", "avatarUrl", "userType"}
    assert service["messages"][0]["content"] == {"text": "Hello"}
    # The card of the booking is a message, too.
    assert service["_count"] == {"messages": 2}


def test_making_or_getting_one(lan: Browser, wei: Browser, scene: Scene):
    wei_id = scene.ids["targetUserId"][0]

    made = data_of(lan.post("", {"targetUserId": wei_id}), 201)
    got = data_of(lan.post("", {"targetUserId": wei_id, "serviceId": None, "orderId": None}))

    assert made["id"] == got["id"]
    assert (made["type"], made["isActive"], made["messages"]) == ("service", True, [])
    assert made["id"] in [row["id"] for row in data_of(wei.get(""))]


def test_sending_and_reading(fang: Browser, wei: Browser, scene: Scene):
    path = f"/{scene.ids['conversation_id'][0]}/messages"
    hello = scene.ids["message_id"][0]
    body = {"content": {"text": "At two?"}, "messageType": "text", "replyToId": hello}

    sent = data_of(wei.post(path, body), 201)
    plain = data_of(fang.post(path, {"content": {"text": "At two."}}), 201)

    assert (sent["status"], plain["messageType"]) == ("sent", "text")
    answer = fang.get(path, page=1, limit=50)
    rows = data_of(answer)
    assert [row["seq"] for row in rows] == [1, 2, 3, 4]
    assert [row["messageType"] for row in rows] == ["order", "text", "text", "text"]
    assert answer.json()["pagination"] == {"page": 1, "limit": 50, "total": 4}
    quoted = rows[2]["replyTo"]
    assert (quoted["id"], quoted["content"]) == (hello, {"text": "Hello"})
    assert quoted["sender"] == {"displayName": "Fang"}


def test_looking_marks_nothing_as_read_and_the_call_for_it_does(
    fang: Browser, wei: Browser, scene: Scene
):
    """Unlike the seed's: a page that was fetched was not always read (docs/decisions)."""
    path = f"/{scene.ids['conversation_id'][0]}"
    sent = data_of(fang.post(f"{path}/messages", {"content": {"text": "Hm?"}}), 201)
    wei.get(f"{path}/messages")
    assert data_of(wei.get(path))["unreadCount"] > 0

    wei.post(f"{path}/read", {"seq": sent["seq"]})

    assert data_of(wei.get(path))["unreadCount"] == 0
    assert data_of(fang.get(f"{path}/messages"))[-1]["status"] == "read"


def test_whoever_is_not_in_it_has_no_access(lan: Browser, scene: Scene):
    """404 where the seed says 403: not even whether it is there."""
    path = f"/{scene.ids['conversation_id'][0]}/messages"

    refusal_of(lan.get(path), 404, "not_found")
    refusal_of(lan.post(path, {"content": {"text": "Hello"}}), 404, "not_found")


def test_without_a_token_there_is_nothing(scene: Scene):
    guest = Browser({})

    refusal_of(guest.get(""), 401, "unauthenticated")
    refusal_of(
        guest.post("", {"targetUserId": scene.ids["targetUserId"][0]}), 401, "unauthenticated"
    )
