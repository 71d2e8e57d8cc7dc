"""What a body, a query or a path can be when somebody means harm, over every route of the family.

Each answer is the contract's envelope with a 4xx, and nothing in the database has changed.
"""

import json
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.urls import get_resolver
from rest_framework.test import APIClient

from booking_site.common.models import AttemptCounter, IdempotencyRecord
from tests.callers import FAMILY, caller
from tests.support.sharing import rolled_back_at_last

from ..world import NOW, away, book, clock, hire, manager, open_store, running

AT_TWO = {"appointment_date": "2026-03-02", "start_time": "14:00"}
WEEK = [{"weekday": 0, "opens": "09:00", "closes": "12:00"}]
OFF = {"starts_at": "2026-03-05T00:00:00+08:00", "ends_at": "2026-03-06T00:00:00+08:00"}

# Every writing route: who may call it, and a body that would be carried out.
WRITES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "book": (
        "guest",
        "post",
        "appointments",
        AT_TWO
        | {
            "store_id": "{store}",
            "customer_name": "Lan",
            "customer_phone": "13800000005",
            "duration_minutes": 60,
            "requirements": "none",
            "email": "lan@example.com",
            "realtor_id": None,
            "hold_token": None,
            "listing_id": None,
            "queue": True,
            "asap": False,
            "starts_at": None,
        },
    ),
    "join": (
        "guest",
        "post",
        "appointments",
        {
            "store_id": "{store}",
            "asap": True,
            "customer_name": "Lan",
            "customer_phone": "13800000006",
            "duration_minutes": 30,
        },
    ),
    "status": (
        "realtor",
        "post",
        "realtor/status",
        {"realtor_id": "{realtor}", "status": "online"},
    ),
    "heartbeat": ("realtor", "post", "realtor/heartbeat", {"realtor_id": "{realtor}"}),
    "cancel": (
        "guest",
        "post",
        "appointments/{code}/cancel",
        {"reason": "ill", "phone_last4": "0001"},
    ),
    "reschedule": (
        "guest",
        "post",
        "appointments/{code}/reschedule",
        AT_TWO | {"phone_last4": "0001", "starts_at": None},
    ),
    "accept": ("realtor", "post", "appointments/{pending}/accept", {"realtor_id": "{realtor}"}),
    "decline": (
        "realtor",
        "post",
        "appointments/{pending}/decline",
        {"realtor_id": "{realtor}", "reason": "no"},
    ),
    "start": ("realtor", "post", "appointments/{pending}/start", {"realtor_id": "{realtor}"}),
    "complete": (
        "realtor",
        "post",
        "appointments/{running}/complete",
        {"realtor_id": "{realtor}"},
    ),
    "no-show": ("realtor", "post", "appointments/{pending}/no-show", {"realtor_id": "{realtor}"}),
    "hold": (
        "guest",
        "post",
        "stores/{store}/holds",
        AT_TWO
        | {
            "duration_minutes": 30,
            "realtor_id": "{realtor}",
            "starts_at": None,
            "listing_id": None,
            "hold_token": None,
        },
    ),
    "store hours": ("manager", "put", "stores/{store}/hours", {"hours": WEEK}),
    "realtor hours": (
        "realtor",
        "put",
        "realtors/{realtor}/hours",
        {"hours": WEEK, "breaks": WEEK},
    ),
    "new time off": ("realtor", "post", "realtors/{realtor}/time-off", OFF | {"reason": "away"}),
    "other time off": (
        "realtor",
        "patch",
        "realtors/{realtor}/time-off/{off}",
        OFF | {"reason": "x"},
    ),
    "new special day": (
        "manager",
        "post",
        "stores/{store}/special-days",
        {"date": "2026-03-05", "note": "fair", "hours": [{"opens": "10:00", "closes": "11:00"}]},
    ),
    "other special day": (
        "manager",
        "patch",
        "stores/{store}/special-days/{day}",
        {"date": "2026-03-05", "note": "fair", "hours": [{"opens": "10:00", "closes": "11:00"}]},
    ),
}
BODIES = {
    "a list": b"[]",
    "a list of the right thing": b'[{"store_id": 1}]',
    "a text": b'"x"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
    "cut off": b'{"a": ',
    "two values": b"{} {}",
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "NUL in a text": b'{"a": "x\\u0000y"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone surrogate in a name": b'{"\\udfff": 1}',
    "100,000 lists deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "3 MB of text": b'{"a": "' + b"x" * 3_000_000 + b'"}',
    "3 MB of blanks": b" " * 3_000_000,
}
TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "image/png",
    "x",
    "",
]
# As raw JSON: what no Python value can say, too.
VALUES = [
    "null",
    "true",
    "[]",
    "{}",
    '[["x"]]',
    '""',
    '" "',
    '"x"',
    "-1",
    "0",
    "1.5",
    "1e400",
    "-0.0",
    "9" * 19,
    "9" * 400,
    '"' + "9" * 400 + '"',
    '"' + "x" * 5000 + '"',
    '"0001-01-01"',
    '"9999-12-31"',
    '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-14:00"',
    '"2026-03-02T14:00:00"',
    '"23:59:59"',
    '"24:00"',
    '"\\u202e\\ud83d\\ude00"',
    '"<script>alert(1)</script>"',
    '"=HYPERLINK(1)"',
    '"\'; DROP TABLE stores_store; --"',
]
# Counters of failed proofs are meant to change, and say nothing of the booking.
UNWATCHED = {AttemptCounter, IdempotencyRecord}


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker):
    """One of everything that a path can name, with Wei."""
    with rolled_back_at_last(django_db_blocker):
        with time_machine.travel(NOW, tick=False) as now:
            store = open_store()
            wei = hire(store, "Wei")
            boss = manager(store)
            under_way = running(store, clock("09:00"), phone="+8613800000003")
            pending = book(store, clock("11:00"))
            now.move_to(clock("09:05"))
            names = {
                "store": store.pk,
                "realtor": wei.pk,
                "code": pending.code,
                "pending": pending.pk,
                "running": under_way.pk,
                "off": away(wei, clock("16:00"), clock("17:00")).pk,
                "day": store.special_days.create(date=NOW.date().replace(day=6)).pk,
            }
        yield names, wei.user, boss.user


@pytest.fixture
def place(_made, now):
    """What a test does to it is undone, and its callers are the test's own."""
    now.move_to(clock("09:05"))
    names, wei, boss = _made
    callers = {
        "guest": caller(),
        "realtor": caller(deepcopy(wei)),
        "manager": caller(deepcopy(boss)),
    }
    return dict(names), callers


def filled(template: Any, names: dict[str, Any]) -> Any:
    if isinstance(template, str):
        return template.format(**names)
    if isinstance(template, dict):
        return {key: filled(value, names) for key, value in template.items()}
    return template


def everything():
    """All rows of all our tables."""
    ours = ("accounts", "stores", "realtors", "appointments", "common")
    return {
        model: sorted(map(repr, model.objects.order_by().values_list()))
        for label in ours
        for model in apps.get_app_config(label).get_models()
        if model not in UNWATCHED
    }


def send(place, route, body, content_type="application/json"):
    names, callers = place
    who, method, path, _example = WRITES[route]
    return callers[who].client.generic(
        method.upper(), FAMILY + filled(path, names), body, content_type=content_type
    )


def envelope_of(answer):
    body = answer.json()
    assert body["success"] is False
    assert set(body) <= {"success", "code", "error", "message", "errors"}
    assert {type(body[name]) for name in ("code", "error", "message")} == {str}
    return body


@pytest.mark.parametrize("route", WRITES)
def test_a_body_that_is_no_json_object_is_refused(place, route):
    before = everything()

    for kind, body in BODIES.items():
        answer = send(place, route, body)
        assert (answer.status_code, envelope_of(answer)["code"]) == (400, "invalid"), kind
        assert set(answer.json()["errors"]) == {"body"}, kind

    assert everything() == before


@pytest.mark.parametrize("route", WRITES)
def test_another_type_than_json_is_refused(place, route):
    names, _callers = place
    before = everything()
    body = json.dumps(filled(WRITES[route][3], names)).encode()

    for content_type in TYPES:
        answer = send(place, route, body, content_type)
        assert answer.status_code == 415, content_type
        assert envelope_of(answer)["code"] == "unsupported_media_type"

    assert everything() == before


@pytest.mark.parametrize("route", WRITES)
def test_no_value_of_any_field_breaks_anything(place, route):
    """Refused in the envelope with nothing changed, or carried out; never an error of ours."""
    names, _callers = place
    example = filled(WRITES[route][3], names)
    before = everything()
    for field, value in product(example, VALUES):
        # What is carried out is taken back, so that every value meets the same.
        with_nothing_done = transaction.savepoint()

        body = json.dumps(example | {field: "@"}).replace('"@"', value)
        answer = send(place, route, body.encode())

        assert answer.status_code < 500, (field, value, answer.content)
        if answer.status_code >= 400:
            envelope_of(answer)
        else:
            transaction.savepoint_rollback(with_nothing_done)
    assert everything() == before


@pytest.mark.parametrize(
    ("route", "field"),
    [
        (route, field)
        for route, (_who, method, _path, example) in WRITES.items()
        for field in example
        # Without "asap" it is another wish, and lacks a start.
        if example[field] is not None and method != "patch" and field != "asap"
    ],
)
def test_a_missing_field_is_either_optional_or_refused_by_name(place, route, field):
    names, _callers = place
    body = filled(WRITES[route][3], names)
    del body[field]
    before = everything()

    answer = send(place, route, json.dumps(body).encode())

    if answer.status_code == 400 and envelope_of(answer)["code"] == "invalid":
        assert set(answer.json()["errors"]) == {field}
        assert everything() == before
    else:
        assert answer.status_code < 500


QUERIES = [
    "a=%00",
    "page=%00",
    "page=%ff%fe",
    "limit=%F0%9F%98%80",
    "page=0",
    "page=" + "9" * 5000,
    "status=%00",
    "status[]=x",
    "date_from=%00",
    "date_from=0001-01-01&date_to=9999-12-31",
    "store_id=%00",
    "store_id=" + "9" * 100,
    "realtor_id=%ED%A0%80",
    "start_date=0001-01-01",
    "start_date=9999-12-31&days=31",
    "start_date=%00",
    "days=1e3",
    "days=%D9%A1",
    "duration_minutes=NaN",
    "phone_last4=%00%00%00%00",
    "phone_last4=" + "1" * 5000,
    "&".join(f"x{n}=1" for n in range(1500)),
    "%",
    ";",
]
READS = [
    ("guest", "appointments/{code}"),
    ("guest", "appointments/{code}/history"),
    ("guest", "appointments/{code}.ics"),
    ("guest", "stores"),
    ("guest", "stores/{store}"),
    ("guest", "stores/{store}/slots"),
    ("guest", "stores/{store}/queue"),
    ("manager", "statistics"),
    ("guest", "stores/{store}/hours"),
    ("guest", "stores/{store}/special-days"),
    ("guest", "stores/{store}/special-days/{day}"),
    ("guest", "realtors"),
    ("guest", "realtors/{realtor}"),
    ("guest", "realtors/{realtor}/hours"),
    ("realtor", "realtors/{realtor}/time-off"),
    ("realtor", "realtors/{realtor}/time-off/{off}"),
    ("realtor", "appointments"),
]


@pytest.mark.parametrize(("who", "path"), READS)
def test_no_query_breaks_anything(place, who, path):
    names, callers = place

    for query in QUERIES:
        answer = callers[who].client.get(FAMILY + filled(path, names) + "?" + query)
        assert answer.status_code < 500, query
        if answer.status_code >= 400:
            envelope_of(answer)


IDS = ["0", "-1", "abc", "1.5", "1e3", "9" * 19, "9" * 400, "%00", "%ff", "%F0%9F%98%80", "..%2F"]


@pytest.mark.parametrize("name", ["store", "realtor", "off", "day", "pending", "running", "code"])
def test_a_path_that_names_nothing_is_not_found(place, name):
    names, callers = place
    routes = [(who, method, path, body) for who, method, path, body in WRITES.values()]
    routes += [(who, "get", path, {}) for who, path in READS]
    named = [route for route in routes if "{" + name + "}" in route[2]]
    before = everything()

    for (who, method, path, body), number in product(named, IDS):
        url = FAMILY + filled(path, names | {name: number})
        body = json.dumps(filled(body, names)).encode()
        answer = callers[who].client.generic(method.upper(), url, body, "application/json")
        assert (answer.status_code, envelope_of(answer)["code"]) == (404, "not_found"), url

    assert named
    assert everything() == before


@pytest.mark.parametrize(
    "method", ["get", "post", "put", "patch", "delete", "options", "trace", "brew"]
)
def test_a_method_that_a_route_does_not_know_is_refused_in_the_envelope(place, method):
    names, callers = place
    routes = [(who, path) for who, _method, path, _body in WRITES.values()] + READS
    before = everything()
    refused = 0

    for who, path in routes:
        answer = callers[who].client.generic(
            method.upper(), FAMILY + filled(path, names), b"[]", "application/json"
        )
        assert answer.status_code < 500
        if answer.status_code == 405:
            refused += 1
            assert envelope_of(answer)["code"] == "method_not_allowed"

    assert refused
    # Deleting needs no body, so a bad one is no reason to refuse it.
    assert everything() == before or method == "delete"


@pytest.mark.parametrize(
    "path",
    ["", "x", "appointments/", "appointments//cancel", "stores/1/nothing", "%00", "../../admin"],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_path_that_leads_nowhere_is_not_found_in_the_envelope(db, method, path):
    answer = APIClient().generic(method.upper(), FAMILY + path, b"{}", "application/json")

    if path == "appointments/":
        # One trailing slash is tolerated.
        assert answer.status_code in (400, 401, 405)
        return
    assert (answer.status_code, envelope_of(answer)["code"]) == (404, "not_found")


def test_every_route_of_the_family_stands_in_these_lists():
    """Whoever adds a route adds its hostile cases: what is not listed here fails."""
    known = {path for _who, _method, path, _body in WRITES.values()}
    known |= {path for _who, path in READS} | {"holds/{token}"}
    shapes = {"/".join("*" if "{" in part else part for part in path.split("/")) for path in known}
    shapes = {shape.replace("*.ics", "*") for shape in shapes}

    assert {_shape(route) for route in _family(get_resolver().url_patterns)} <= shapes


def _family(patterns: list[Any], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found += _family(pattern.url_patterns, path)
        elif path.startswith(FAMILY.lstrip("/")):
            found.append(path.removeprefix(FAMILY.lstrip("/")))
    return found


def _shape(route: str) -> str:
    return "/".join("*" if "<" in part else part for part in route.split("/"))
