"""What is refused, and by which code."""

import json
import socket
import time
from datetime import UTC, datetime

import httpx
import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from accounts import services
from accounts.models import RefreshToken
from booking_site.common.actors import Actor
from notifications.consumers.handshake import Refused, Visitor, ended
from notifications.consumers.socket import Socket
from notifications.gateways import tickets
from notifications.gateways.tickets import Ticket
from tests.appointments import world

from .client import Client
from .conftest import bearer_of, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)
OLD = datetime(2026, 1, 1, tzinfo=UTC)


def ticket_for(site, user) -> str:
    answer = httpx.post(f"{site.url}/api/v1/realtime/ticket", headers=bearer_of(user))
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["ticket"]


# --- Who is there


def test_a_page_of_ours_may(site, sockets, fang):
    assert sockets.open(site, fang).welcome()["user_id"] == fang.pk


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "null", "http://127.0.0.1:1", "http://[", "://"]
)
def test_a_cookie_needs_an_origin_of_ours(site, sockets, fang, origin):
    assert sockets.open(site, fang, origin=origin).closed()[0] == 4403


def test_without_a_cookie_nobody_is_there(site, sockets):
    client = sockets.open(site, origin=site.url)

    assert client.closed()[0] == 4401
    assert client.frames == []


def test_neither_is_a_session_that_has_ended(site, sockets, fang):
    cookie = cookie_of(fang)
    Session.objects.all().delete()

    assert sockets.open(site, cookie=cookie, origin=site.url).closed()[0] == 4401


def test_an_account_that_is_closed_is_refused(site, sockets, fang):
    cookie = cookie_of(fang)
    type(fang).objects.filter(pk=fang.pk).update(is_active=False)

    assert sockets.open(site, cookie=cookie, origin=site.url).closed()[0] == 4401


def test_a_ticket_needs_no_origin(site, sockets, fang):
    client = sockets.open(site, ticket=ticket_for(site, fang))

    assert client.welcome()["user_id"] == fang.pk
    assert client.socket.subprotocol == "rt.v1"


def test_a_ticket_works_once(site, sockets, fang):
    ticket = ticket_for(site, fang)
    sockets.open(site, ticket=ticket).welcome()

    assert sockets.open(site, ticket=ticket).closed()[0] == 4401


@pytest.mark.parametrize("ticket", ["A" * 43, "short", "x" * 900])
def test_a_made_up_ticket_does_not(site, sockets, ticket):
    assert sockets.open(site, ticket=ticket).closed()[0] == 4401


def test_a_bad_ticket_is_not_made_good_by_a_cookie(site, sockets, fang):
    assert sockets.open(site, fang, ticket="A" * 43).closed()[0] == 4401


def test_a_ticket_dies_after_half_a_minute(monkeypatch, fang):
    text = tickets.issue(Ticket(fang.pk, family="f" * 32))
    later = time.monotonic() + 31
    real = time.time
    monkeypatch.setattr(time, "monotonic", lambda: later)
    monkeypatch.setattr(time, "time", lambda: real() + 31)

    assert tickets.redeem(text) is None


def test_a_ticket_ends_with_its_sign_in(site, sockets, fang):
    pair = services.issue_tokens(fang, by=Actor.of(fang), at=timezone.now())
    headers = {"Authorization": f"Bearer {pair.access}"}
    ticket = httpx.post(f"{site.url}/api/v1/realtime/ticket", headers=headers).json()["data"]
    httpx.post(f"{site.url}/api/v1/auth/logout", json={"refresh": pair.refresh})

    assert sockets.open(site, ticket=ticket["ticket"]).closed()[0] == 4401


def test_no_ticket_for_a_guest(site):
    assert httpx.post(f"{site.url}/api/v1/realtime/ticket").status_code == 401


def test_the_user_in_the_address_must_be_oneself(site, sockets, fang):
    own = sockets.open(site, fang, query=f"?user_id={fang.pk}")
    foreign = sockets.open(site, fang, query=f"?user_id={fang.pk + 1}")

    assert own.welcome()["user_id"] == fang.pk
    assert foreign.closed()[0] == 4403


def test_an_unknown_protocol_is_asked_to_upgrade(site, sockets, fang):
    assert sockets.open(site, fang, protocols=("rt.v9",)).closed()[0] == 4426


def test_a_client_without_protocols_is_seed_1s(site, sockets, fang):
    assert sockets.open(site, fang, protocols=()).welcome()["u"] == 0


def test_the_eleventh_socket_is_one_too_many(site, sockets, fang):
    ten = [sockets.open(site, fang) for _number in range(10)]
    for client in ten:
        client.welcome()

    assert sockets.open(site, fang).closed()[0] == 4409
    ten[0].socket.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        last = sockets.open(site, fang)
        try:
            last.welcome()
        except Exception:
            continue
        break
    else:
        pytest.fail("the place of the one that has left was not given back")


@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/wsx"])
def test_no_other_path_speaks(site, path):
    with pytest.raises(InvalidStatus), Client(f"{site.ws_url}{path}?"):
        pass


# --- What is said


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\x00\x01", 4400),
        ("{", 4400),
        ("[]", 4400),
        ('"resume"', 4400),
        ("[" * 60_000, 4400),
        ('{"event": "ping", "id": {}}', 4400),
        ('{"event": "ping", "id": "\\ud800"}', 4400),
        ('{"event": "ping", "id": ' + "9" * 5000 + "}", 4400),
        ("x" * 65_537, 1009),
    ],
)
def test_what_is_no_frame_ends_the_socket(site, sockets, fang, message, code):
    client = sockets.open(site, fang)
    client.welcome()

    client.send_raw(message)

    assert client.closed()[0] == code


@pytest.mark.parametrize(
    ("event", "data", "code"),
    [
        ("resume", {}, "bad_frame"),
        ("resume", {"since": "1"}, "bad_frame"),
        ("resume", {"since": -1}, "bad_frame"),
        ("resume", {"since": True}, "bad_frame"),
        ("resume", {"since": 2**63}, "bad_frame"),
        ("ack", {"u": None}, "bad_frame"),
        ("send-message", {"conversationId": "1"}, "bad_frame"),
        ("call", {"conversationId": "1"}, "unsupported"),
        ("nonsense", {}, "unsupported"),
    ],
)
def test_an_operation_that_cannot_be_is_answered(site, sockets, fang, event, data, code):
    client = sockets.open(site, fang)
    client.welcome()

    answer = client.ask(event, data)

    assert answer["ok"] is False
    assert answer["error"]["code"] == code
    assert client.ask("ping", id="c2")["ok"] is True


@pytest.mark.parametrize("frame", [{"event": 1}, {"event": "ping", "data": []}, {}])
def test_a_frame_of_the_wrong_shape_is_answered(site, sockets, fang, frame):
    client = sockets.open(site, fang)
    client.welcome()

    client.send_raw(json.dumps({**frame, "id": 7}))

    assert client.until("message-error")["error"]["code"] == "bad_frame"


def test_the_largest_frame_is_taken(site, sockets, fang):
    client = sockets.open(site, fang)
    client.welcome()
    frame = {"event": "ping", "id": "c1", "data": {"pad": ""}}
    frame["data"]["pad"] = "x" * (65_536 - len(json.dumps(frame)))

    client.send_raw(json.dumps(frame))

    assert client.until("ack")["ok"] is True


def test_a_hundred_operations_a_second_are_too_many(site, sockets, fang):
    client = sockets.open(site, fang)
    client.welcome()

    for number in range(100):
        client.send("ping", id=f"c{number}")

    answers = [client.until(lambda frame: "id" in frame) for _number in range(60)]
    refused = [one["error"] for one in answers if not one["ok"]]
    assert refused
    assert {one["code"] for one in refused} == {"rate_limited"}
    assert all(one["retry"] and one["after_ms"] > 0 for one in refused)


def test_whoever_goes_on_all_the_same_is_put_out(site, sockets, fang):
    client = sockets.open(site, fang)
    client.welcome()

    try:
        for number in range(1000):
            client.send("ping", id=f"c{number}")
    except Exception:
        pass

    assert client.closed()[0] == 4429


def test_the_limit_is_one_for_all_sockets_of_a_user(site, sockets, fang):
    clients = [sockets.open(site, fang) for _number in range(4)]
    for client in clients:
        client.welcome()
        for number in range(15):
            client.send("ping", id=f"c{number}")

    answers = [
        client.until(lambda frame: "id" in frame) for client in clients for _number in range(15)
    ]

    assert any(not one["ok"] for one in answers)


# --- When it is over


def test_who_signs_out_while_the_socket_is_being_opened_is_found_out(fang):
    """After we had looked who it is, and before we could hear that they have gone."""
    visitor = Visitor(fang.pk, "stamp", session_key="gone")
    socket_ = object.__new__(Socket)
    socket_.visitor = visitor

    with pytest.raises(Refused) as refused:
        socket_._take_place()

    assert refused.value.code == 4401


@pytest.mark.parametrize(
    ("changes", "alive"),
    [({}, True), ({"expires_at": OLD}, False), ({"revoked_at": OLD}, False), (None, False)],
)
def test_an_app_s_sign_in_ends_by_itself_as_well(fang, changes, alive):
    """Revoked, grown too old, or forgotten."""
    services.issue_tokens(fang, by=Actor.of(fang), at=timezone.now())
    token = RefreshToken.objects.get()
    visitor = Visitor(fang.pk, "stamp", family=token.family.hex)
    if changes is None:
        token.delete()
    else:
        RefreshToken.objects.update(**changes)

    assert ended({visitor}) == (set() if alive else {visitor})


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_whoever_is_given_rights_signs_in_anew(site, fang, right):
    """With a second factor, where one is asked for: their old token knows of none."""
    headers = bearer_of(fang)
    type(fang).objects.filter(pk=fang.pk).update(**{right: True})

    answer = httpx.post(f"{site.url}/api/v1/realtime/ticket", headers=headers)

    assert answer.status_code == 401


def seconds_until_closed(client) -> tuple[int, float]:
    began = time.monotonic()
    code, _reason = client.closed(15)
    return code, time.monotonic() - began


def test_signing_out_of_the_pages_closes_their_sockets(site, sockets, fang):
    cookie = cookie_of(fang)
    here, elsewhere = sockets.open(site, cookie=cookie, origin=site.url), sockets.open(site, fang)
    here.welcome(), elsewhere.welcome()
    headers = {"Cookie": f"{cookie}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}

    answer = httpx.post(f"{site.url}/accounts/logout/", headers=headers)

    assert answer.status_code == 302
    code, seconds = seconds_until_closed(here)
    assert code == 4401
    assert seconds <= 2
    assert elsewhere.ask("ping")["ok"] is True
    assert sockets.open(site, cookie=cookie, origin=site.url).closed()[0] == 4401


def test_signing_out_of_an_app_closes_its_sockets(site, sockets, fang):
    pair = services.issue_tokens(fang, by=Actor.of(fang), at=timezone.now())
    headers = {"Authorization": f"Bearer {pair.access}"}
    ticket = httpx.post(f"{site.url}/api/v1/realtime/ticket", headers=headers).json()["data"]
    client = sockets.open(site, ticket=ticket["ticket"])
    client.welcome()

    httpx.post(f"{site.url}/api/v1/auth/logout", json={"refresh": pair.refresh})

    code, seconds = seconds_until_closed(client)
    assert code == 4401
    assert seconds <= 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_active": False}, 4403),
        ({"password": "another"}, 4401),
        ({"is_staff": True}, 4401),
    ],
)
def test_a_change_of_the_account_ends_its_sockets(site, sockets, fang, change, code):
    client = sockets.open(site, fang)
    client.welcome()

    type(fang).objects.filter(pk=fang.pk).update(**change)

    assert client.closed(8)[0] == code


def test_a_session_that_is_gone_without_a_word_is_found_out(site, sockets, fang):
    client = sockets.open(site, fang)
    client.welcome()

    for session in Session.objects.all():
        assert session.get_decoded()[SESSION_KEY] == str(fang.pk)
        session.delete()

    # Every 60 looks; here five a second.
    assert client.closed(20)[0] == 4401


def test_staff_need_their_second_factor_on_a_socket_too(live_uvicorn, sockets, transactional_db):
    hua = world.register("Hua", is_staff=True)
    server = live_uvicorn(STAFF_MFA_REQUIRED="1")

    assert sockets.open(server, hua).closed()[0] == 4403
    assert "second factor" in sockets.open(server, hua).closed()[1]


def test_a_handshake_from_nowhere_breaks_nothing(site):
    """No Host, no version, half a request."""
    for text in (
        b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"GET /ws",
    ):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as line:
            line.sendall(text)
