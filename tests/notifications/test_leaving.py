"""Erasure and export of what people were told on the site, and of how they want to be told."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import Actor
from booking_site.site.export import export_of
from notifications.models import (
    Device,
    Notification,
    NotificationPreference,
    ToldPlace,
    UserEvent,
    UserStream,
)
from notifications.services import register_device, set_preferences
from tests.appointments import world
from tests.appointments.world import HOUR, NOW, QIANG, clock, manager
from tests.callers import caller, data_of

from .edge import at_the_edge
from .post import booked, confirmed

pytestmark = pytest.mark.django_db
TWO = clock("14:00")


def leave(user) -> None:
    at_the_edge(erase_account, user, by=Actor.of(user), at=NOW)


@pytest.fixture
def fangs(store, wei, fang):
    """Known by a device, a wish, and a booking that Wei knows of."""
    register_device(fang, platform="ios", token="fang", by=Actor.of(fang), at=NOW)
    set_preferences(fang, changes={"review": {"push": False}}, by=Actor.of(fang))
    return at_the_edge(confirmed, store, TWO, customer=fang)


def everything() -> str:
    """All that notifications and streams hold, as text."""
    rows = [
        *Notification.objects.values("title", "content", "detail"),
        *UserEvent.objects.values("payload"),
    ]
    return json.dumps(rows, ensure_ascii=False)


def test_nothing_of_their_own_is_left(fangs, fang):
    leave(fang)

    for rows in (Device, NotificationPreference, Notification, UserEvent):
        assert not rows.objects.filter(user=fang).exists(), rows


def test_their_stream_says_that_all_of_it_is_forgotten(fangs, fang):
    before = UserStream.objects.get(pk=fang.pk).last_u

    leave(fang)

    stream = UserStream.objects.get(pk=fang.pk)
    assert (stream.last_u, stream.floor_u) == (before, before + 1)


def test_others_no_longer_read_their_name(fangs, fang, wei):
    assert "Fang" in everything()
    before = list(UserEvent.objects.filter(user=wei.user).values_list("u", "event"))

    leave(fang)

    assert "Fang" not in everything()
    after = list(UserEvent.objects.filter(user=wei.user).values_list("u", "event"))
    assert after[: len(before)] == before
    assert [u for u, _event in after] == list(range(1, len(after) + 1))


def test_what_is_not_theirs_stays_as_it_is(fangs, fang, wei, store):
    at_the_edge(booked, store, TWO + HOUR, phone=QIANG)
    lans = Notification.objects.filter(user=wei.user).latest("u")

    leave(fang)

    assert Notification.objects.get(pk=lans.pk).title == lans.title != ""


def test_a_realtor_who_leaves_is_named_to_no_customer(fangs, fang, wei):
    assert "Wei" in everything()

    leave(wei.user)

    texts = Notification.objects.filter(user=fang, appointment=fangs).exclude(content="")
    assert "Wei" not in " ".join(texts.values_list("content", flat=True))


def test_whoever_leaves_a_line_is_told_nothing_more(store, wei, fang):
    at_ten = clock("10:00")
    at_the_edge(world.join, store, at=at_ten)
    at_the_edge(world.join, store, customer=fang, at=at_ten)
    assert ToldPlace.objects.exists()

    at_the_edge(erase_account, fang, by=Actor.of(fang), at=at_ten)

    assert not ToldPlace.objects.exists()
    assert not UserEvent.objects.filter(user=fang).exists()


def test_blank_words_are_shown_as_such(fangs, fang, wei):
    leave(fang)

    rows = data_of(caller(wei.user).get("/api/v1/notifications"))
    assert {row["title"] for row in rows if row["kind"] in ("created", "confirmed")} == {""}


def test_everybody_may_take_along_what_they_were_told(fangs, fang, wei, store):
    at_the_edge(services.cancel, fangs, by=manager(store), at=NOW)

    told = json.loads(json.dumps(export_of(fang), cls=DjangoJSONEncoder))

    assert [row["type"] for row in told["notifications"]] == [1, 2, 3]
    assert told["notifications"][0]["appointment_id"] == fangs.pk
    assert told["notification_preferences"] == [
        {"kind": "review", "channel": "push", "enabled": False}
    ]
    (device,) = told["devices"]
    assert device["platform"] == "ios"
    assert "token" not in device


def test_the_export_s_document_names_all_its_parts(fang):
    data = data_of(caller(fang).get("/api/v1/me/export"))

    assert {"notifications", "notification_preferences", "devices", "letters"} <= set(data)
