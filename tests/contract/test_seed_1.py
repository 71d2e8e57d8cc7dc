"""House viewings and their push, at the paths, in the shapes and words of Document 1, from top to
bottom. What it says of sockets is heard over real ones."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from appointments.models import Appointment, Status
from notifications.models import Notification
from notifications.timed import remind_due
from realtors.models import Listing
from stores.models import Store
from tests.appointments import world
from tests.appointments.places import house
from tests.pages.shops import open_shop
from tests.realtime.client import Client
from tests.realtime.conftest import bearer_of, cookie_of
from tests.support.server import Server

TITLE = "精装修两室一厅"
DETAIL = {
    *("reservation_id", "house_id", "house_title", "landlord_id", "user_id", "user_name"),
    *("reserve_time", "status", "created_at"),
}
MESSAGE = {"type", "user_id", "reservation_id", "title", "content", "timestamp", "detail"}


class App:
    """As the document's curl calls: JSON over HTTP. To a running ``site`` where something is heard
    over a socket of it. Its letters are in Chinese, as the document's are."""

    def __init__(self, user: User | None, site: Server | None = None) -> None:
        self.site = site
        self.headers = bearer_of(user) if user is not None else {}

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._answer("GET", f"{path}?{urlencode(query)}", None, status)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._answer("POST", path, body or {}, status)

    def _answer(self, method: str, path: str, body: Any, status: int) -> Any:
        answer = self._sent(method, path, body)
        told = answer.json()
        assert answer.status_code == status, told
        return told["data"] if status < 400 else told

    def _sent(self, method: str, path: str, body: Any) -> Any:
        if self.site is None:
            client = APIClient(headers=self.headers)
            text = "" if body is None else json.dumps(body)
            return client.generic(method, path, text, content_type="application/json")
        url = self.site.url + path
        return httpx.request(method, url, json=body, headers=self.headers, timeout=60)


@pytest.fixture
def store(db: None) -> Store:
    return open_shop("Anju", opens="00:00", closes="00:00")


@pytest.fixture
def landlord(store: Store) -> User:
    """Mr Li, who lets his own flat."""
    user = world.hire(store, "李先生").user
    assert user is not None
    return user


@pytest.fixture
def tenant(db: None) -> User:
    return world.register("张三", phone="+8613800000009")


@pytest.fixture
def flat(store: Store, landlord: User) -> Listing:
    return house(store, TITLE, realtor=landlord.realtor)


@pytest.fixture
def sockets(site: Server) -> Iterator[Any]:
    with ExitStack() as stack:

        def opened(user: User, query: str = "") -> Client:
            page = {"cookie": cookie_of(user), "origin": site.url}
            client = stack.enter_context(Client(site.ws_url, query=query, **page))
            client.until("welcome")
            return client

        yield opened


def in_two_days() -> str:
    """Two in the afternoon, as the document writes it."""
    return f"{timezone.now() + timedelta(days=2):%Y-%m-%d} 14:00:00"


@pytest.fixture
def wish(flat: Listing, landlord: User, tenant: User) -> dict[str, Any]:
    """The body of the document's curl."""
    return {
        "landlord_id": landlord.pk,
        "user_id": tenant.pk,
        "user_name": "张三",
        "house_id": flat.pk,
        "house_title": TITLE,
        "reserve_time": in_two_days(),
    }


def push_of(client: Client, type_: int) -> dict[str, Any]:
    return client.until(lambda frame: frame["event"] == "notification" and frame["type"] == type_)


def is_the_documents_message(push: dict[str, Any], reservation: dict[str, Any], to: User) -> bool:
    """Its fields, and its ids as numbers."""
    assert set(push) >= MESSAGE
    assert set(push["detail"]) >= DETAIL
    assert (push["user_id"], push["reservation_id"]) == (to.pk, reservation["reservation_id"])
    assert push["title"]
    assert push["content"]
    assert isinstance(push["timestamp"], int)
    told = {name: push["detail"][name] for name in DETAIL - {"status"}}
    assert told == {name: reservation[name] for name in told}
    return True


# 核心功能 and WebSocket 消息格式


def test_reserved_confirmed_reminded_and_cancelled_over_the_socket(
    site, sockets, wish, landlord, tenant
):
    """The whole page of the document: each step by HTTP, and each message on the other's
    socket."""
    li, zhang = App(landlord, site), App(tenant, site)
    # 建立 WebSocket 连接: ws://…/ws?user_id={用户ID}
    his, hers = sockets(landlord, f"?user_id={landlord.pk}"), sockets(tenant)

    # 租客可以预约看房，系统自动通知房东
    made = zhang.post("/house/reserve", wish, 201)
    assert made["status"] == "pending"
    assert {name: made[name] for name in wish} == wish
    created = push_of(his, 1)
    assert is_the_documents_message(created, made, landlord)
    assert created["detail"]["status"] == "pending"
    assert "张三" in created["title"] + created["content"]
    assert created["timestamp"] == made["created_at"]

    # 房东可以确认预约
    path = f"/api/reservations/{made['reservation_id']}"
    confirmed = li.post(f"{path}/confirm", {"landlord_id": landlord.pk})
    assert confirmed["status"] == "confirmed"
    told = push_of(hers, 2)
    assert is_the_documents_message(told, made, tenant)
    assert told["detail"]["status"] == "confirmed"

    # 发送提醒
    li.post(f"{path}/remind")
    assert is_the_documents_message(push_of(hers, 4), made, tenant)

    # 租客和房东都可以取消预约
    assert zhang.post(f"{path}/cancel", {"reason": "临时有事"})["status"] == "cancelled"
    called_off = push_of(his, 3)
    assert is_the_documents_message(called_off, made, landlord)
    assert called_off["detail"]["status"] == "cancelled"


def test_the_landlord_rejects(site, sockets, wish, landlord, tenant):
    """房东可以确认或拒绝预约请求"""
    hers = sockets(tenant)
    made = App(tenant, site).post("/house/reserve", wish, 201)

    path = f"/api/reservations/{made['reservation_id']}/reject"
    assert App(landlord, site).post(path, {"reason": "已出租"})["status"] == "cancelled"

    push = push_of(hers, 3)
    assert is_the_documents_message(push, made, tenant)
    assert "已出租" in push["content"]


def test_the_landlord_cancels(site, sockets, wish, landlord, tenant):
    hers = sockets(tenant)
    li = App(landlord, site)
    made = App(tenant, site).post("/house/reserve", wish, 201)
    path = f"/api/reservations/{made['reservation_id']}"
    li.post(f"{path}/confirm", {"landlord_id": landlord.pk})

    assert li.post(f"{path}/cancel")["status"] == "cancelled"

    assert is_the_documents_message(push_of(hers, 3), made, tenant)


def test_timed_reminders_come_by_themselves(site, sockets, wish, landlord, tenant):
    """定时检查并发送预约提醒消息: a day before, to both, as a push of type 4."""
    his, hers = sockets(landlord), sockets(tenant)
    made = App(tenant, site).post("/house/reserve", wish, 201)
    App(landlord, site).post(f"/api/reservations/{made['reservation_id']}/confirm")
    seen = Appointment.objects.get(pk=made["reservation_id"])

    remind_due(at=seen.starts_at - timedelta(hours=20))

    assert is_the_documents_message(push_of(hers, 4), made, tenant)
    assert is_the_documents_message(push_of(his, 4), made, landlord)


# 数据验证


def test_what_is_sent_is_checked(wish, landlord, tenant):
    zhang = App(tenant)

    for body, status, code in (
        (wish | {"house_id": 0}, 404, "not_found"),
        (wish | {"landlord_id": tenant.pk}, 400, "invalid"),
        (wish | {"user_id": landlord.pk}, 403, "forbidden"),
        (wish | {"reserve_time": "soon"}, 400, "invalid"),
        (wish | {"reserve_time": "2025-01-22 14:00:00"}, 400, "too_soon"),
        ({}, 400, "invalid"),
    ):
        assert zhang.post("/house/reserve", body, status)["code"] == code
    assert not Appointment.objects.exists()


# 用户认证


def test_nobody_acts_for_others(wish, landlord, tenant):
    made = App(tenant).post("/house/reserve", wish, 201)
    path = f"/api/reservations/{made['reservation_id']}"
    stranger = App(world.register("王五"))

    assert App(None).post("/house/reserve", wish, 401)["code"] == "unauthenticated"
    body = {"landlord_id": landlord.pk}
    assert App(None).post(f"{path}/confirm", body, 401)["code"] == "unauthenticated"
    assert stranger.post(f"{path}/confirm", body, 404)["code"] == "not_found"
    assert App(tenant).post(f"{path}/confirm", body, 403)["code"] == "forbidden"
    assert Appointment.objects.get().status == Status.PENDING


# HTTP 接口


def test_both_have_it_in_their_lists(wish, landlord, tenant):
    made = App(tenant).post("/house/reserve", wish, 201)

    for app in (App(tenant), App(landlord)):
        assert [row["reservation_id"] for row in app.get("/api/reservations")] == [
            made["reservation_id"]
        ]
        one = app.get(f"/api/reservations/{made['reservation_id']}")
        assert one["house_title"] == TITLE


def test_houses_are_recommended(flat, tenant):
    """普通推荐列表 and 个性化推荐列表"""
    for app, path in (
        (App(None), "/house/recommend"),
        (App(tenant), "/house/personal-recommend"),
    ):
        data = app.get(path, page=1, page_size=10)
        assert data["total"] == 1
        (row,) = data["list"]
        assert (row["house_id"], row["title"]) == (flat.pk, TITLE)
        assert row["landlord_id"] == flat.realtor.user_id


def test_who_is_online_and_how_many_sockets_there_are(site, sockets, landlord, tenant):
    boss = App(world.register("管理员", is_staff=True, is_superuser=True), site)
    sockets(landlord)
    sockets(tenant)
    sockets(tenant)

    online = boss.get("/api/websocket/online-users")
    assert {(one["user_id"], one["sockets"]) for one in online["users"]} == {
        (landlord.pk, 1),
        (tenant.pk, 2),
    }
    assert boss.get("/api/websocket/stats")["sockets"] == 3


# 消息持久化


def test_what_was_pushed_is_kept_for_whoever_was_not_there(wish, landlord, tenant):
    made = App(tenant).post("/house/reserve", wish, 201)

    rows = App(landlord).get("/api/v1/notifications")

    (row,) = [one for one in rows if one["type"] == 1]
    assert row["reservation_id"] == made["reservation_id"]
    assert row["detail"]["house_title"] == TITLE
    assert Notification.objects.filter(user=landlord).exists()


def test_the_store_s_clock_is_the_one_that_is_meant(wish, tenant):
    made = App(tenant).post("/house/reserve", wish, 201)

    seen = Appointment.objects.get(pk=made["reservation_id"])
    local = datetime.fromisoformat(wish["reserve_time"]).replace(tzinfo=seen.store.zone)
    assert seen.starts_at == local
