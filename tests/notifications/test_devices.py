"""The apps that pushes reach."""

from datetime import timedelta

import pytest
import time_machine

from booking_site.common.actors import Actor
from notifications.models import Channel, Delivery, Device
from notifications.services import disable_device, register_device
from notifications.services.devices import MOST_DEVICES
from tests.appointments.world import MINUTE, NOW, clock
from tests.callers import caller, data_of, refusal_of
from tests.factories import UserFactory

from .edge import at_the_edge
from .post import booked

pytestmark = pytest.mark.django_db
DEVICES = "/api/v1/me/devices"
FANGS = {"platform": "android", "token": "1a2b3C"}


@pytest.fixture(autouse=True)
def clock_of_the_test():
    with time_machine.travel(NOW, tick=False) as clock_:
        yield clock_


def test_an_app_makes_itself_known(fang):
    data = data_of(caller(fang).post(DEVICES, FANGS), status=201)

    device = Device.objects.get()
    assert data == {
        "id": str(device.pk),
        "platform": "android",
        "created_at": NOW.isoformat(),
        "last_used_at": NOW.isoformat(),
    }
    assert (device.user, device.token) == (fang, "1a2b3C")


def test_twice_is_once_and_says_when_it_was_last_seen(fang, clock_of_the_test):
    first = data_of(caller(fang).post(DEVICES, FANGS), status=201)
    clock_of_the_test.shift(60)

    again = data_of(caller(fang).post(DEVICES, FANGS))

    assert again["id"] == first["id"]
    assert again["last_used_at"] == (NOW + MINUTE).isoformat()
    assert Device.objects.count() == 1


def test_tokens_that_differ_by_the_size_of_a_letter_are_two(fang):
    for token in ("abc", "aBc"):
        data_of(caller(fang).post(DEVICES, {"platform": "ios", "token": token}), status=201)

    assert Device.objects.count() == 2


def test_a_token_goes_to_whoever_signed_in_last_and_the_news_of_others_does_not(store, wei, fang):
    data_of(caller(wei.user).post(DEVICES, FANGS), status=201)
    at_the_edge(booked, store, clock("14:00"))
    (to_wei,) = Delivery.objects.filter(channel=Channel.PUSH)

    data_of(caller(fang).post(DEVICES, FANGS), status=201)

    assert Device.objects.get().user == fang
    to_wei.refresh_from_db()
    assert to_wei.device is None
    assert to_wei.device_key != 0


def test_one_that_was_given_up_comes_back_when_its_app_does(fang, clock_of_the_test):
    data_of(caller(fang).post(DEVICES, FANGS), status=201)
    disable_device(Device.objects.get(), at=NOW)
    clock_of_the_test.shift(60)

    data_of(caller(fang).post(DEVICES, FANGS))

    assert Device.objects.get().disabled_at is None


def test_of_too_many_the_one_that_was_not_seen_for_longest_goes(fang):
    by = Actor.of(fang)
    for number in range(MOST_DEVICES):
        at = NOW + timedelta(minutes=number)
        register_device(fang, platform="ios", token=f"t{number}", by=by, at=at)
    later = NOW + timedelta(hours=1)
    register_device(fang, platform="ios", token="t0", by=by, at=later)

    register_device(fang, platform="ios", token="new", by=by, at=later)

    tokens = set(Device.objects.values_list("token", flat=True))
    assert len(tokens) == MOST_DEVICES
    assert "t1" not in tokens
    assert {"t0", "t2", "new"} <= tokens


@pytest.mark.parametrize("where", ["query", "body"])
def test_an_app_that_signs_out_is_forgotten(fang, where):
    data_of(caller(fang).post(DEVICES, FANGS), status=201)

    if where == "query":
        answer = caller(fang).delete(f"{DEVICES}?token=1a2b3C")
    else:
        answer = caller(fang)._send("delete", DEVICES, {"token": "1a2b3C"}, {})

    assert answer.status_code == 204
    assert not Device.objects.exists()


def test_to_forget_what_is_not_there_is_fine(fang):
    assert caller(fang).delete(f"{DEVICES}?token=unknown").status_code == 204
    assert set(refusal_of(caller(fang).delete(DEVICES), 400, "invalid")) == {"token"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"platform": "telegraph", "token": "x"}, "platform"),
        ({"platform": "ios"}, "token"),
        ({"platform": "ios", "token": ""}, "token"),
        ({"platform": "ios", "token": "x" * 513}, "token"),
        ({"platform": "ios", "token": "a\nb"}, "token"),
        ({"token": "x"}, "platform"),
    ],
)
def test_what_makes_no_device_is_refused(fang, body, field):
    assert set(refusal_of(caller(fang).post(DEVICES, body), 400, "invalid")) == {field}


def test_the_longest_token_fits(fang):
    body = {"platform": "web", "token": "é" * 512}

    data_of(caller(fang).post(DEVICES, body), status=201)

    assert len(Device.objects.get().token) == 512


def test_the_back_office_shows_that_it_is_there_and_never_its_token(fang, client):
    data_of(caller(fang).post(DEVICES, FANGS), status=201)
    client.force_login(UserFactory(operator=True))

    for page in ("", "export/", f"{Device.objects.get().pk}/change/"):
        shown = client.get(f"/admin/notifications/device/{page}").content.decode()
        assert "1a2b3C" not in shown
    assert "Android" in client.get("/admin/notifications/device/").content.decode()
