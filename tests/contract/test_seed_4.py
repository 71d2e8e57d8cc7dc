"""Services and orders, in the parts and words of Document 4, from top to bottom, as its two apps
call them; the chat has its own walk (test_seed_4_chat)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from appointments.models import Appointment
from appointments.services import decide_request
from appointments.timed import run_due
from booking_site.common.actors import Actor
from notifications.models import Notification, Type
from stores.models import Category
from tests.appointments import world
from tests.appointments.world import NOW, clock
from tests.callers import data_of, refusal_of
from tests.factories import PASSWORD

from .test_seed_2 import App

HERE = {"lat": 31.22, "lng": 121.43}
SERVICE = {
    "name": "日常保洁",
    "description": "自带工具。",
    "category": "家政",
    "subcategory": "两小时",
    "price": 128.5,
    "durationMinutes": 120,
    "location": {**HERE, "address": "上海市愚园路 1 号"},
    "radiusKm": 15,
    "tags": ["自带工具"],
}
# As the document's table of orders has it.
COLUMNS = {
    *("id", "conversationId", "serviceId", "orderNumber", "status", "serviceDetails"),
    *("totalAmount", "currency", "scheduledTime", "completedTime", "customerAddress"),
    *("providerAddress", "notes", "createdAt", "updatedAt", "customer", "provider"),
}


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    Category.objects.get_or_create(
        slug="housekeeping", defaults={"name": "家政", "name_en": "Housekeeping"}
    )
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def registered(name: str, address: str, kind: str) -> App:
    """Signs up, and signs in with the same words."""
    body = {"email": address, "password": PASSWORD, "display_name": name, "user_type": kind}
    made = data_of(App().post("/auth/register", body), 201)
    pair = data_of(App().post("/auth/token", {"login": address, "password": PASSWORD}))
    assert pair["access"]
    return App(User.objects.get(pk=made["id"]))


@pytest.fixture
def wang() -> App:
    """The provider."""
    return registered("王师傅", "wang@example.com", "provider")


@pytest.fixture
def lin() -> App:
    """The customer."""
    return registered("林女士", "lin@example.com", "customer")


@pytest.fixture
def service(wang: App) -> dict[str, Any]:
    return data_of(wang.post("/services", SERVICE), 201)


@pytest.fixture
def talk(lin: App, service: dict[str, Any]) -> str:
    """点击"联系服务商"：the conversation of the two about the service."""
    body = {"targetUserId": service["provider"]["id"], "serviceId": service["id"]}
    return str(data_of(lin.post("/chat/conversations", body), 201)["id"])


@pytest.fixture
def details(service: dict[str, Any]) -> dict[str, Any]:
    return {
        "serviceId": service["id"],
        "scheduledTime": "2026-03-02T14:00:00+08:00",
        "customerAddress": {"address": "上海市淮海中路 100 号", "lat": 31.21, "lng": 121.46},
        "notes": "家里有猫",
    }


@pytest.fixture
def made(lin: App, talk: str, details: dict[str, Any]) -> dict[str, Any]:
    return data_of(lin.post(f"/chat/conversations/{talk}/orders", details), 201)


@pytest.fixture
def order(made: dict[str, Any]) -> str:
    """The path of the order that was made in the chat."""
    return f"/orders/{order_id(made)}"


def order_id(made: dict[str, Any]) -> str:
    return str(made["id"])


def pay(app: App, made: dict[str, Any]) -> dict[str, Any]:
    """By the link that the app opens, and the button on the gateway's page."""
    body = {"booking_id": order_id(made), "gateway": "sandbox"}
    payment = data_of(app.post("/payments", body), 201)
    browser = Client()
    page = browser.get(payment["pay_url"])["Location"]
    assert browser.post(page, {"press": "pay"}).status_code == 302
    return data_of(app.get(f"/payments/{payment['id']}"))


# 1. 用户注册和登录流程


def test_both_sign_up_and_in(wang, lin):
    me, provider = data_of(lin.get("/me")), data_of(wang.get("/me"))

    assert (me["user_type"], me["realtor_id"]) == ("customer", None)
    assert provider["user_type"] == "provider"
    assert provider["realtor_id"] is not None
    again = {"email": "lin@example.com", "password": PASSWORD, "user_type": "customer"}
    assert set(refusal_of(App().post("/auth/register", again), 400, "invalid")) == {"email"}
    assert User.objects.filter(email="lin@example.com").count() == 1


# 2. 服务匹配和聊天发起流程


def test_services_are_found_nearby_and_their_provider_is_written_to(lin, wang, service):
    rows = data_of(lin.get("/services/nearby", **HERE, radius=10, category="家政"))
    assert [(row["id"], row["distance"], row["price"]) for row in rows] == [
        (service["id"], 0, 128.5)
    ]
    assert data_of(lin.get("/services/nearby", lat=39.9, lng=116.4, radius=10)) == []
    provider = rows[0]["provider"]
    assert (provider["id"], provider["displayName"]) == (str(wang.user.pk), "王师傅")

    body = {"targetUserId": provider["id"], "serviceId": rows[0]["id"]}
    talk = data_of(lin.post("/chat/conversations", body), 201)

    assert data_of(lin.post("/chat/conversations", body))["id"] == talk["id"]
    said = {"content": {"text": "周一下午有空吗？"}, "messageType": "text"}
    data_of(lin.post(f"/chat/conversations/{talk['id']}/messages", said), 201)
    answer = {"content": {"text": "两点可以。"}, "messageType": "text"}
    data_of(wang.post(f"/chat/conversations/{talk['id']}/messages", answer), 201)
    heard = data_of(lin.get(f"/chat/conversations/{talk['id']}/messages", page=1, limit=50))
    assert [row["content"]["text"] for row in heard][-2:] == ["周一下午有空吗？", "两点可以。"]


# 3. 订单创建和管理流程


def test_an_order_is_made_in_the_chat_with_all_that_the_table_has(
    lin, wang, service, talk, made, order
):
    row = data_of(lin.get(order))

    assert set(row) >= COLUMNS
    assert (row["status"], row["totalAmount"], row["currency"]) == ("pending", 128.5, "CNY")
    assert (row["serviceId"], row["conversationId"]) == (service["id"], talk)
    assert row["serviceDetails"]["name"] == "日常保洁"
    assert row["customerAddress"]["lat"] == 31.21
    assert row["providerAddress"] == "上海市愚园路 1 号"
    assert (row["notes"], row["completedTime"]) == ("家里有猫", None)
    assert row["provider"]["id"] == str(wang.user.pk)
    kinds = [
        one["messageType"] for one in data_of(wang.get(f"/chat/conversations/{talk}/messages"))
    ]
    assert "order" in kinds


def test_it_goes_from_state_to_state_and_both_are_told(lin, wang, talk, made, order, now):
    refusal_of(lin.post(f"{order}/confirm"), 403, "forbidden")
    assert data_of(wang.post(f"{order}/confirm"))["status"] == "confirmed"
    refusal_of(wang.post(f"{order}/start"), 409, "invalid_transition")
    now.move_to(clock("14:00"))
    assert data_of(wang.post(f"{order}/start"))["status"] == "in_progress"
    now.move_to(clock("15:50"))
    done = data_of(wang.post(f"{order}/complete"))

    assert (done["status"], done["completedTime"]) == ("completed", "2026-03-02T15:50:00+08:00")
    for step in ("confirm", "start", "complete", "cancel"):
        refusal_of(wang.post(f"{order}/{step}"), 409, "invalid_transition")
    assert set(Notification.objects.values_list("user", "type")) == {
        (wang.user.pk, Type.CREATED),
        (lin.user.pk, Type.CREATED),
        (lin.user.pk, Type.CONFIRMED),
    }
    assert data_of(lin.get("/notifications"))
    cards = [
        one["content"]["status"]
        for one in data_of(lin.get(f"/chat/conversations/{talk}/messages"))
        if one["messageType"] == "order"
    ]
    assert cards == ["pending", "confirmed", "in_progress", "completed"]


def test_prices_are_negotiated_and_bind_with_the_provider_s_yes(lin, wang, talk, details):
    proposed = details | {"totalAmount": 110}
    made = data_of(lin.post("/orders", proposed | {"conversationId": talk}), 201)
    assert (made["listedAmount"], made["totalAmount"], made["isProposal"]) == (128.5, 110, True)
    assert made["conversationId"] == talk

    bound = data_of(wang.post(f"/orders/{made['id']}/confirm"))

    assert (bound["totalAmount"], bound["dueNow"]) == (110, 110)
    assert pay(lin, made)["amount"] == 110


# 1.4 任意状态 → cancelled：需要双方同意


def test_what_is_not_confirmed_either_side_calls_off(lin, order):
    assert data_of(lin.post(f"{order}/cancel", {"reason": "不需要了"}))["status"] == "cancelled"


def test_what_is_confirmed_both_call_off(lin, wang, made, order):
    data_of(wang.post(f"{order}/confirm"))
    pay(lin, made)
    refusal_of(lin.post(f"{order}/cancel"), 409, "needs_agreement")

    asked = data_of(lin.post(f"{order}/cancel-request", {"reason": "临时有事"}))
    assert (asked["status"], asked["cancelRequest"]["state"]) == ("confirmed", "open")
    assert asked["cancelRequest"]["refundIfAgreed"] == 128.5
    done = data_of(wang.post(f"{order}/cancel-response", {"agree": True}))

    assert (done["status"], done["cancelRequest"]["state"]) == ("cancelled", "agreed")
    (payment,) = data_of(lin.get("/payments", booking_id=order_id(made)))
    assert payment["refunded"] == 128.5


# 2.1 Admin：处理纠纷


def test_where_they_do_not_agree_an_administrator_decides(lin, wang, made, order, now):
    data_of(wang.post(f"{order}/confirm"))
    data_of(lin.post(f"{order}/cancel-request", {"reason": "临时有事"}))
    no = {"agree": False, "reason": "已经出发"}
    refused = data_of(wang.post(f"{order}/cancel-response", no))
    assert refused["cancelRequest"]["state"] == "disputed"

    boss = world.register("管理员", is_staff=True, is_superuser=True)
    disputed = Appointment.objects.get(pk=order_id(made))
    decide_request(
        disputed, call_off=True, refund_percent=100, reason="提前四小时", by=Actor.of(boss), at=NOW
    )

    row = data_of(lin.get(order))
    assert (row["status"], row["cancelRequest"]["decision"]) == ("cancelled", "提前四小时")


def test_silence_is_a_dispute_after_a_day(lin, wang, details, now):
    later = details | {"scheduledTime": "2026-03-05 14:00:00"}
    made = data_of(lin.post("/orders", later), 201)
    data_of(wang.post(f"/orders/{made['id']}/confirm"))
    data_of(wang.post(f"/orders/{made['id']}/cancel-request"))

    now.shift(24 * 3600)
    run_due(at=clock("08:00", world.TUESDAY))

    assert data_of(lin.get(f"/orders/{made['id']}"))["cancelRequest"]["state"] == "disputed"


# 8. 支付和订单完成流程


def test_it_is_paid_by_a_link_once_it_is_confirmed(lin, wang, made, order):
    body = {"booking_id": order_id(made), "gateway": "sandbox", "amount": 1}
    refusal_of(lin.post("/payments", body), 409, "invalid_transition")
    data_of(wang.post(f"{order}/confirm"))
    refusal_of(wang.post("/payments", body), 403, "forbidden")

    payment = pay(lin, made)

    assert (payment["amount"], payment["status"]) == (128.5, "paid")
    row = data_of(wang.get(order))
    assert (row["status"], row["paymentStatus"]) == ("confirmed", "paid")


# 9. 用户评价和反馈流程


def test_it_is_reviewed_and_the_service_is_rated(lin, wang, service, made, order, now):
    review = {"appointment_id": order_id(made), "rating": 5, "comment": "很干净"}
    refusal_of(lin.post("/reviews", review), 409, "invalid_transition")
    data_of(wang.post(f"{order}/confirm"))
    now.move_to(clock("14:00"))
    data_of(wang.post(f"{order}/start"))
    data_of(wang.post(f"{order}/complete"))

    data_of(lin.post("/reviews", review), 201)

    row = data_of(lin.get(f"/services/{service['id']}"))
    assert (row["rating"], row["reviewCount"], row["orderCount"]) == (5, 1, 1)
    (said,) = data_of(wang.get("/reviews", listing_id=service["id"]))
    assert said["comment"] == "很干净"
    data_of(wang.post(f"/reviews/{said['id']}/reply", {"reply": "谢谢！"}))


# 3. 安全机制原理


def test_nobody_else_sees_it_and_nobody_without_a_token(made, order, details, service):
    stranger = App(world.register("王五"))

    assert data_of(stranger.get("/orders")) == []
    refusal_of(stranger.get(order), 404, "not_found")
    for step in ("confirm", "start", "complete", "cancel", "cancel-request"):
        refusal_of(stranger.post(f"{order}/{step}"), 404, "not_found")
    refusal_of(App().get("/orders"), 401, "unauthenticated")
    refusal_of(App().post("/orders", details), 401, "unauthenticated")
    refusal_of(App().get("/services/nearby", **HERE), 401, "unauthenticated")
