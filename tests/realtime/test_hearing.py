"""Whoever is concerned hears of it, over their socket, in the protocol's words.

That every frame has the shape which is written down is what the client looks for by itself.
"""

import pytest
from django.utils import timezone

from appointments import services
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification
from notifications.services import mark_all_read, mark_read
from tests.appointments import world

from .conftest import on_both_layers
from .happenings import accepted, booked, cancelled, moved

pytestmark = [pytest.mark.django_db(transaction=True), on_both_layers]


@pytest.fixture
def fangs(site, sockets, fang):
    """Fang's socket."""
    client = sockets.open(site, fang)
    client.welcome()
    return client


@pytest.fixture
def weis(site, sockets, wei):
    client = sockets.open(site, wei.user)
    client.welcome()
    return client


def test_the_welcome_says_where_one_stands(site, sockets, store, wei, fang):
    booked(store, fang)

    welcome = sockets.open(site, fang).welcome()

    assert welcome["u"] == 2
    assert welcome["floor"] == 1
    assert welcome["user_id"] == fang.pk
    assert welcome["heartbeat"] == 25


def test_a_booking_is_pushed_with_the_fields_of_seed_1(store, wei, fang, weis):
    appointment = booked(store, fang)

    push = weis.until("notification")

    assert push["type"] == 1
    assert push["user_id"] == wei.user.pk
    assert push["reservation_id"] == appointment.pk
    assert "Fang" in push["title"] + push["content"]
    assert push["timestamp"] == int(appointment.created_at.timestamp())
    detail = push["detail"]
    assert detail["house_id"] is None
    assert detail["house_title"] is None
    assert detail["landlord_id"] == wei.user.pk
    assert detail["user_id"] == fang.pk
    assert detail["user_name"] == "Fang"
    assert detail["reserve_time"] == f"{appointment.starts_local:%Y-%m-%d %H:%M:%S}"
    assert detail["status"] == "pending"
    assert detail["created_at"] == push["timestamp"]


def test_a_whole_life_is_told_to_both_sides(store, wei, fang, fangs, weis):
    appointment = accepted(booked(store, fang))
    moved(appointment, hours=1, by=Actor.of(fang))
    appointment.refresh_from_db()
    cancelled(appointment, by=Actor.of(wei.user))

    def types_until(client, last):
        client.until(lambda frame: frame.get("data", {}).get("change") == last)
        return [frame["type"] for frame in client.frames if frame["event"] == "notification"]

    # Nobody is told what they have done themselves, but that their booking was taken in.
    assert types_until(fangs, "cancelled")[:3] == [1, 2, 12]
    assert types_until(weis, "cancelled")[0] == 1
    assert fangs.numbers == list(range(1, len(fangs.numbers) + 1))
    assert weis.numbers == list(range(1, len(weis.numbers) + 1))


def test_whoever_did_it_is_not_notified_but_their_pages_look_again(store, wei, fang, weis):
    appointment = booked(store, fang)
    weis.until("appointment-updated")

    accepted(appointment)

    frame = weis.until("appointment-updated")
    assert frame["data"]["change"] == "confirmed"
    assert frame["data"]["status"] == "confirmed"
    assert [one["type"] for one in weis.frames if one["event"] == "notification"] == [1]


def test_all_devices_of_a_user_hear_it(site, sockets, store, wei, fang, fangs):
    other = sockets.open(site, fang)
    other.welcome()

    booked(store, fang)

    assert fangs.until("notification") == other.until("notification")


def test_nobody_else_hears_it(site, sockets, store, wei, fang):
    bo = sockets.open(site, world.register("Bo"))
    bo.welcome()
    witness = sockets.open(site, fang)

    booked(store, fang)
    witness.until("notification")

    assert bo.quiet(1.5) == []


def test_having_read_is_told_to_the_other_devices(store, wei, fang, fangs):
    booked(store, fang)
    first = fangs.until("notification")
    accepted(fang.appointments.get())
    fangs.until(lambda frame: frame.get("type") == 2)

    at = timezone.now()
    run_in_transaction(lambda: mark_read(fang, first["u"], at=at))
    run_in_transaction(lambda: mark_read(fang, first["u"], at=at))

    read = fangs.until("notifications-read")
    assert read["data"] == {"ids": [str(first["u"])], "unread": 1}
    run_in_transaction(lambda: mark_all_read(fang, up_to=read["u"], at=at))
    # Once for the first, although it was read twice.
    assert fangs.until("notifications-read")["data"] == {"up_to": read["u"], "unread": 0}
    assert not Notification.objects.unread().filter(user=fang).exists()


def test_a_place_in_line_moves(store, wei, fang, fangs):
    bo = world.register("Bo", phone="+8613800000007")
    at = timezone.now()
    first = run_in_transaction(lambda: world.join(store, customer=bo, at=at))
    run_in_transaction(lambda: world.join(store, customer=fang, at=at))
    assert fangs.until("queue-updated")["data"]["queue_position"] == 2

    run_in_transaction(lambda: services.cancel(first, by=Actor.of(bo), at=timezone.now()))

    assert fangs.until("queue-updated")["data"]["queue_position"] == 1
    assert fangs.until("notification", 5)["type"] == 10


def test_whoever_is_served_waits_no_more(store, wei, fang, fangs):
    run_in_transaction(lambda: world.join(store, customer=fang, at=timezone.now()))
    fangs.until("queue-updated")

    run_in_transaction(lambda: world.online(wei, at=timezone.now()))

    moved = fangs.until(lambda frame: frame["event"] == "queue-updated")
    assert moved["data"]["queue_position"] == 0
    assert moved["data"]["estimated_wait_minutes"] is None
