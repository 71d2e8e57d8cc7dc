"""Two servers behind one site: everybody hears everything, and both know who is there.

Where there is no Redis there is one process, and the same is asked of it.
"""

import time

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.services import issue_tokens
from booking_site.common.actors import Actor
from tests.appointments import world
from tests.factories import manager_of

from .conftest import bearer_of
from .happenings import accepted, booked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def servers(live_uvicorn):
    return [live_uvicorn(), live_uvicorn()] if settings.REDIS_URL else [live_uvicorn()] * 2


@pytest.fixture
def operator(transactional_db):
    return world.register("Op", is_staff=True, is_superuser=True)


def asked(server, path, user):
    answer = httpx.get(f"{server.url}{path}", headers=bearer_of(user))
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def until(look, wanted, seconds=40.0):
    deadline = time.monotonic() + seconds
    while (found := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def test_news_reaches_the_sockets_of_both(servers, sockets, store, wei, fang):
    clients = [sockets.open(server, fang) for server in servers]
    for client in clients:
        client.welcome()

    accepted(booked(store, fang))

    for client in clients:
        client.until(lambda frame: frame.get("type") == 2)
        assert client.numbers == list(range(1, len(client.numbers) + 1))


def test_an_app_signs_out_on_one_and_is_closed_on_the_other(servers, sockets, fang):
    pair = issue_tokens(fang, by=Actor.of(fang), at=timezone.now())
    headers = {"Authorization": f"Bearer {pair.access}"}
    ticket = httpx.post(f"{servers[0].url}/api/v1/realtime/ticket", headers=headers)
    client = sockets.open(servers[1], ticket=ticket.json()["data"]["ticket"])
    client.welcome()

    httpx.post(f"{servers[0].url}/api/v1/auth/logout", json={"refresh": pair.refresh})

    assert client.closed(2)[0] == 4401


def test_a_ticket_works_on_whichever_and_once(servers, sockets, fang):
    answer = httpx.post(f"{servers[0].url}/api/v1/realtime/ticket", headers=bearer_of(fang))
    ticket = answer.json()["data"]["ticket"]

    assert sockets.open(servers[1], ticket=ticket).welcome()["user_id"] == fang.pk
    assert sockets.open(servers[0], ticket=ticket).closed()[0] == 4401


def test_ten_sockets_a_user_over_both(servers, sockets, fang):
    for number in range(10):
        sockets.open(servers[number % 2], fang).welcome()

    assert sockets.open(servers[0], fang).closed()[0] == 4409
    assert sockets.open(servers[1], fang).closed()[0] == 4409


def test_those_of_a_process_that_was_killed_take_no_place(live_uvicorn, sockets, fang):
    """Ten come back within the second, and must not be told to stay away for good."""
    first, second = live_uvicorn(), live_uvicorn()
    for _number in range(10):
        sockets.open(first, fang).welcome()

    first.kill()

    back = [sockets.open(second, fang) for _number in range(10)]
    for client in back:
        client.welcome()
    assert sockets.open(second, fang).closed()[0] == 4409


def test_both_know_who_is_there(servers, sockets, fang, wei, operator):
    for server, user in zip([*servers, servers[0]], [fang, wei.user, fang], strict=True):
        sockets.open(server, user).welcome()

    for server in servers:
        online = asked(server, "/api/websocket/online-users", operator)
        assert online["count"] == 2
        assert {one["display_name"]: one["sockets"] for one in online["users"]} == {
            "Fang": 2,
            "Wei": 1,
        }
        stats = asked(server, "/api/websocket/stats", operator)
        assert (stats["sockets"], stats["users"]) == (3, 2)


def test_whoever_leaves_is_gone_from_both(servers, sockets, fang, operator):
    client = sockets.open(servers[0], fang)
    client.welcome()

    client.socket.close()

    path = "/api/websocket/online-users"
    assert until(lambda: asked(servers[1], path, operator)["count"], 0, 5) == 0


def test_those_of_a_killed_process_are_gone_within_half_a_minute(
    live_uvicorn, sockets, fang, operator
):
    """Nobody says goodbye for them: its lease runs out. Without Redis they are gone with it."""
    first = live_uvicorn()
    sockets.open(first, fang).welcome()
    other = live_uvicorn()
    path = "/api/websocket/online-users"
    if settings.REDIS_URL:
        assert asked(other, path, operator)["count"] == 1

    first.kill()

    assert until(lambda: asked(other, path, operator)["count"], 0, 30) == 0


def test_a_manager_hears_of_those_of_their_stores_only(site, sockets, store, wei, fang):
    bo = world.register("Bo")
    for user in (wei.user, fang, bo):
        sockets.open(site, user).welcome()
    booked(store, fang)
    hua = manager_of(store)

    online = asked(site, "/api/websocket/online-users", hua)

    assert {one["display_name"] for one in online["users"]} == {"Wei", "Fang"}
    assert asked(site, "/api/websocket/stats", hua)["users"] == 3


@pytest.mark.parametrize("path", ["online-users", "stats"])
def test_only_staff_are_told(site, fang, path):
    address = f"{site.url}/api/websocket/{path}"

    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers=bearer_of(fang)).status_code == 403
    assert httpx.get(f"{address}/", headers=bearer_of(fang)).status_code == 403


def test_the_figures_are_there_for_who_watches(site, sockets, store, wei, fang):
    client = sockets.open(site, fang)
    client.welcome()
    booked(store, fang)
    client.until("notification")
    client.ask("resume", {"since": 0})
    sockets.open(site, origin=site.url).closed()

    text = httpx.get(f"{site.url}/metrics").text

    figures = {
        line.split(" ")[0]: float(line.split(" ")[1])
        for line in text.splitlines()
        if line.startswith("websocket_")
    }
    assert figures["websocket_connections"] >= 1
    assert figures['websocket_frames_total{event="durable"}'] >= 1
    assert figures['websocket_handshakes_total{outcome="accepted"}'] >= 1
    assert figures['websocket_handshakes_total{outcome="4401"}'] >= 1
    assert "websocket_lag_seconds_count" in figures
    assert figures['websocket_repairs_total{cause="resume"}'] >= 1
