"""Pushes: what goes out, by whom it is carried, and what becomes of those that do not arrive."""

import logging
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import md5

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from appointments import services
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict
from booking_site.site.lifespan import WORKS
from notifications.gateways.push import (
    DeviceGone,
    LocalGateway,
    NoWayToDevice,
    PushFailed,
    PushMessage,
    PushRefusedForGood,
    gateway,
)
from notifications.models import Channel, Delivery, DeliveryStatus, Device, Push
from notifications.rules import LEASE, MOST_TRIES
from notifications.services import claim_next, mark_sent, register_device, send_again
from notifications.tasks import deliver_due_pushes
from notifications.timed import deliver_due
from notifications.timed_pushes import push_due, run_due_pushes
from tests.appointments import world
from tests.appointments.world import HOUR, MINUTE, NOW, clock, manager
from tests.support.processes import spare_port

from .edge import at_the_edge
from .post import booked
from .pushes import Service, push_service

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
MESSAGE = PushMessage(
    key="news-7",
    platform="android",
    token="1a2b",
    title="预约已确认",
    text="周一 14:00",
    extras={"kind": "confirmed", "link": "/appointments/123456/"},
)


class Recording:
    """A gateway that notes, and fails where it is told to."""

    sent: list[PushMessage] = []
    error: Exception | None = None

    def send(self, message: PushMessage) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message)


@pytest.fixture
def recorded(monkeypatch) -> type[Recording]:
    monkeypatch.setattr(Recording, "sent", [])
    monkeypatch.setattr(Recording, "error", None)
    monkeypatch.setattr("notifications.timed_pushes.gateway", Recording)
    return Recording


def owns(user, token: str, platform: str = "android") -> Device:
    return register_device(user, platform=platform, token=token, by=Actor.of(user), at=NOW)


def pushes() -> list[Delivery]:
    rows = Delivery.objects.filter(channel=Channel.PUSH).order_by("pk")
    return list(rows.select_related("device", "event__appointment__store"))


@pytest.fixture
def weis(store, wei) -> Delivery:
    """The push that asks Wei."""
    owns(wei.user, "weis")
    at_the_edge(booked, store, TWO)
    (push,) = pushes()
    return push


# What goes out


def test_each_device_of_each_person_gets_its_own(store, wei, fang, recorded):
    for user, token in ((wei.user, "w1"), (wei.user, "w2"), (fang, "f1")):
        owns(user, token)

    at_the_edge(booked, store, TWO, customer=fang, locale="en")
    push_due(at=NOW)

    assert sorted(message.token for message in recorded.sent) == ["f1", "w1", "w2"]
    assert {push.status for push in pushes()} == {DeliveryStatus.SENT}
    assert {push.address for push in pushes()} == {""}


def test_it_says_what_the_letter_says_and_leads_where_that_leads(weis, recorded):
    push_due(at=NOW)

    (message,) = recorded.sent
    appointment = weis.event.appointment
    assert message.title.startswith("Please answer: Lan")
    assert "accept or decline" in message.text
    assert message.key == f"news-{weis.pk}"
    assert message.extras == {
        "kind": "created",
        "link": f"/console/appointments/{appointment.pk}/",
        "reservation_id": str(appointment.pk),
    }


def test_who_has_no_device_and_who_has_no_account_get_none(store, wei, fang):
    at_the_edge(booked, store, TWO, customer=fang)
    at_the_edge(booked, store, TWO + HOUR)

    assert pushes() == []


def test_what_is_told_later_is_pushed_later(store, wei, fang, recorded):
    owns(fang, "fangs")
    visit = at_the_edge(world.running, store, TWO, customer=fang)
    Delivery.objects.all().delete()
    at_the_edge(services.complete, visit, by=manager(store), at=TWO + HOUR)

    push_due(at=TWO + HOUR)
    assert recorded.sent == []
    push_due(at=TWO + 2 * HOUR)
    assert [message.extras["kind"] for message in recorded.sent] == ["review"]


def test_what_is_no_longer_true_is_not_pushed(weis, store, recorded):
    at_the_edge(services.cancel, weis.event.appointment, by=manager(store), at=NOW)

    push_due(at=NOW)

    assert [message.extras["kind"] for message in recorded.sent] == ["cancelled"]
    assert pushes()[0].status == DeliveryStatus.DROPPED


def test_a_newer_one_says_it_on_every_device(store, wei, fang, recorded):
    for token in ("f1", "f2"):
        owns(fang, token)
    appointment = at_the_edge(booked, store, TWO, customer=fang)
    at_the_edge(services.accept, appointment, by=manager(store), at=NOW + MINUTE)

    push_due(at=NOW + MINUTE)

    assert sorted(message.token for message in recorded.sent) == ["f1", "f2"]
    assert {message.extras["kind"] for message in recorded.sent} == {"confirmed"}


def test_a_device_that_went_to_somebody_else_hears_nothing_of_it(weis, fang, recorded):
    owns(fang, "weis")

    push_due(at=NOW)

    assert recorded.sent == []
    assert pushes()[0].status == DeliveryStatus.DROPPED


def test_letters_and_pushes_keep_out_of_each_other_s_way(store, wei, fang, recorded):
    owns(wei.user, "weis")
    at_the_edge(booked, store, TWO)

    deliver_due(at=NOW)
    assert [push.status for push in pushes()] == [DeliveryStatus.PENDING]
    push_due(at=NOW)
    assert [push.status for push in pushes()] == [DeliveryStatus.SENT]


def test_celery_and_the_embedded_loop_carry_them(weis, recorded):
    with time_machine.travel(NOW, tick=False):
        deliver_due_pushes()
        deliver_due_pushes()

    assert len(recorded.sent) == 1
    assert run_due_pushes in WORKS


# When it does not arrive


def test_a_token_that_is_gone_is_not_tried_again(weis, recorded, store, monkeypatch):
    monkeypatch.setattr(Recording, "error", DeviceGone("1011"))
    push_due(at=NOW)

    (push,) = pushes()
    assert (push.status, push.last_error) == (DeliveryStatus.DROPPED, "no_device")
    assert push.device.disabled_at >= NOW
    at_the_edge(booked, store, TWO + HOUR)
    assert len(pushes()) == 1


def test_a_device_that_was_given_up_meanwhile_drops_what_was_under_way(weis, recorded):
    Device.objects.update(disabled_at=NOW)

    push_due(at=NOW)

    assert (pushes()[0].status, pushes()[0].last_error) == ("dropped", "no_device")


def test_a_kind_of_device_that_no_service_reaches_is_let_go(weis, recorded, monkeypatch):
    monkeypatch.setattr(Recording, "error", NoWayToDevice("web"))

    push_due(at=NOW)

    assert (pushes()[0].status, pushes()[0].last_error) == ("dropped", "no_way")
    assert pushes()[0].device.disabled_at is None


def test_a_failure_is_tried_again_and_then_shown_to_a_person(weis, recorded, monkeypatch):
    monkeypatch.setattr(Recording, "error", PushFailed("busy"))
    push_due(at=NOW)

    (push,) = pushes()
    assert (push.status, push.attempts) == (DeliveryStatus.PENDING, 1)
    assert push.last_error == "PushFailed: busy"
    Delivery.objects.filter(pk=push.pk).update(attempts=MOST_TRIES - 1, next_try_at=NOW)
    push_due(at=NOW)
    assert pushes()[0].status == DeliveryStatus.DEAD


def test_what_is_refused_for_good_is_given_up_at_once(weis, recorded, monkeypatch):
    monkeypatch.setattr(Recording, "error", PushRefusedForGood("no"))

    push_due(at=NOW)

    assert (pushes()[0].status, pushes()[0].attempts) == (DeliveryStatus.DEAD, 1)


def test_one_hand_at_a_time_and_a_dead_worker_s_is_taken_over(weis):
    by_push = [Channel.PUSH]
    first = claim_next(owner="one", at=NOW, channels=by_push)
    assert claim_next(owner="two", at=NOW, channels=by_push) is None

    second = claim_next(owner="two", at=NOW + LEASE, channels=by_push)

    assert (first, second) == (weis, weis)
    assert not mark_sent(first, at=NOW + LEASE)
    assert mark_sent(second, at=NOW + LEASE)


def test_staff_send_one_again_to_the_same_device(weis, store, recorded):
    Delivery.objects.filter(pk=weis.pk).update(status=DeliveryStatus.DEAD, attempts=8)

    send_again(weis, by=manager(store), at=NOW)
    push_due(at=NOW)

    assert [message.token for message in recorded.sent] == ["weis"]


def test_not_where_the_device_is_gone(weis, store):
    Delivery.objects.filter(pk=weis.pk).update(status=DeliveryStatus.DEAD)
    Device.objects.all().delete()

    with pytest.raises(Conflict):
        send_again(pushes()[0], by=manager(store), at=NOW)


# Those with words of their own


def test_a_push_that_comes_too_late_is_let_go(fang, recorded):
    device = owns(fang, "fangs")
    for minutes, title in ((5, "late"), (15, "soon")):
        Push.objects.create(
            device=device,
            type=10,
            title=title,
            useful_until=NOW + timedelta(minutes=minutes),
            next_try_at=NOW,
            created_at=NOW,
        )

    push_due(at=NOW + 10 * MINUTE)

    assert [message.title for message in recorded.sent] == ["soon"]
    assert Push.objects.get(title="late").last_error == "late"


# The services


@pytest.fixture
def service() -> Iterator[Service]:
    with push_service() as service:
        yield service


@pytest.fixture
def jpush(settings, service):
    settings.PUSH_GATEWAY, settings.JPUSH_URL = "jpush", service.url
    settings.JPUSH_APP_KEY, settings.JPUSH_MASTER_SECRET = "key", "secret"
    return gateway()


@pytest.fixture
def umeng(settings, service):
    settings.PUSH_GATEWAY, settings.UMENG_URL = "umeng", service.url
    settings.UMENG_ANDROID_APP_KEY = "droid"
    settings.UMENG_ANDROID_MASTER_SECRET = "secret"
    settings.UMENG_IOS_APP_KEY, settings.UMENG_IOS_MASTER_SECRET = "apple", "core"
    settings.UMENG_GONE_CODES = ["2027"]
    service.answer = {"ret": "SUCCESS", "data": {"msg_id": "uf1"}}
    return gateway()


def test_the_built_in_one_only_says_that_something_went_out(caplog, settings):
    assert isinstance(gateway(), LocalGateway)
    with caplog.at_level(logging.INFO, "notifications.gateways.push"):
        gateway().send(MESSAGE)

    assert caplog.messages == ["push news-7 for a device of android"]
    assert "1a2b" not in repr(MESSAGE)


def test_jpush_is_asked_as_it_documents(jpush, service):
    jpush.send(MESSAGE)

    (heard,) = service.heard
    assert heard.path == "/v3/push"
    assert heard.headers["Authorization"] == "Basic " + b64encode(b"key:secret").decode()
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.body["platform"] == ["android"]
    assert heard.body["audience"] == {"registration_id": ["1a2b"]}
    assert heard.body["notification"] == {
        "android": {
            "title": "预约已确认",
            "alert": "周一 14:00",
            "extras": {
                "kind": "confirmed",
                "link": "/appointments/123456/",
                "key": "news-7",
            },
        }
    }
    assert heard.body["options"]["time_to_live"] == 86_400


@pytest.mark.parametrize(("platform", "theirs"), [("ios", "ios"), ("harmony", "hmos")])
def test_jpush_has_a_shape_for_each_platform(jpush, service, platform, theirs):
    jpush.send(PushMessage(key="k", platform=platform, token="t", title="T", text="x"))

    told = service.heard[0].body["notification"][theirs]
    assert told["alert"] == ({"title": "T", "body": "x"} if platform == "ios" else "x")


@pytest.mark.parametrize(
    ("status", "answer", "raised"),
    [
        (400, {"error": {"code": 1011, "message": "cannot find user"}}, DeviceGone),
        (400, {"error": {"code": 1003, "message": "invalid"}}, PushRefusedForGood),
        (401, {"error": {"code": 1004, "message": "authen failed"}}, PushFailed),
        (429, {"error": {"code": 2002, "message": "too fast"}}, PushFailed),
        (500, b"<html>oops</html>", PushFailed),
        (503, {"error": "a word"}, PushFailed),
    ],
)
def test_what_jpush_says_no_with(jpush, service, status, answer, raised):
    service.status, service.answer = status, answer

    with pytest.raises(raised) as said:
        jpush.send(MESSAGE)
    assert type(said.value) is raised
    assert "1a2b" not in str(said.value)
    assert "secret" not in str(said.value)


def test_no_key_is_shown_where_an_answer_points_to(jpush, service):
    service.status, service.moved_to, service.answer = 302, f"{service.url}/elsewhere", {}

    with pytest.raises(PushFailed):
        jpush.send(MESSAGE)
    assert [heard.path for heard in service.heard] == ["/v3/push"]


def test_a_service_that_says_nothing_is_not_waited_for(jpush, service, settings):
    settings.PUSH_TIMEOUT, service.pause = 0.1, 0.5

    with pytest.raises(PushFailed, match="no answer"):
        jpush.send(MESSAGE)


def test_a_service_that_is_not_there(jpush, settings):
    settings.JPUSH_URL = f"http://127.0.0.1:{spare_port()}"

    with pytest.raises(PushFailed, match="no answer"):
        gateway().send(MESSAGE)


def test_umeng_is_asked_as_it_documents(umeng, service):
    umeng.send(MESSAGE)

    (heard,) = service.heard
    path, _, given = heard.path.partition("?sign=")
    plain = b"POST" + f"{service.url}/api/send".encode() + heard.raw + b"secret"
    assert path == "/api/send"
    assert given == md5(plain, usedforsecurity=False).hexdigest()
    body = heard.body
    assert (body["appkey"], body["type"], body["device_tokens"]) == ("droid", "unicast", "1a2b")
    assert body["timestamp"].isdigit()
    assert body["payload"] == {
        "display_type": "notification",
        "body": {
            "ticker": "预约已确认",
            "title": "预约已确认",
            "text": "周一 14:00",
            "after_open": "go_app",
        },
        "extra": {"kind": "confirmed", "link": "/appointments/123456/"},
    }
    assert body["policy"]["out_biz_no"] == "news-7"
    assert len(body["policy"]["expire_time"]) == len("2026-03-02 14:00:00")


def test_umeng_has_keys_for_each_app(umeng, service):
    umeng.send(PushMessage(key="k", platform="ios", token="t", title="T", text="x"))

    body = service.heard[0].body
    assert body["appkey"] == "apple"
    assert body["payload"]["aps"]["alert"] == {"title": "T", "body": "x"}
    with pytest.raises(NoWayToDevice):
        umeng.send(PushMessage(key="k", platform="web", token="t", title="T", text="x"))


@pytest.mark.parametrize(
    ("status", "answer", "raised"),
    [
        (400, {"ret": "FAIL", "data": {"error_code": "2027", "error_msg": "x"}}, DeviceGone),
        (400, {"ret": "FAIL", "data": {"error_code": "1000"}}, PushFailed),
        (200, {"ret": "FAIL", "data": {"error_code": "5001"}}, PushFailed),
        (200, b"", PushFailed),
    ],
)
def test_what_umeng_says_no_with(umeng, service, status, answer, raised):
    service.status, service.answer = status, answer

    with pytest.raises(raised):
        umeng.send(MESSAGE)


def test_a_service_without_keys_says_so_by_their_name(settings):
    settings.PUSH_GATEWAY, settings.JPUSH_APP_KEY = "jpush", ""
    with pytest.raises(ImproperlyConfigured, match="JPUSH_APP_KEY"):
        gateway()
    settings.PUSH_GATEWAY = "umeng"
    with pytest.raises(ImproperlyConfigured, match="UMENG_ANDROID_APP_KEY"):
        gateway()


def test_any_other_class_can_be_named(settings):
    settings.PUSH_GATEWAY = "notifications.gateways.push.LocalGateway"

    assert isinstance(gateway(), LocalGateway)


def test_a_real_one_carries_a_real_push(weis, jpush, service):
    push_due(at=NOW)

    assert pushes()[0].status == DeliveryStatus.SENT
    assert service.heard[0].body["audience"] == {"registration_id": ["weis"]}
