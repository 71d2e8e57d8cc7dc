"""Every writing operation of the document, with bodies that mean harm or make no sense.

The routes come from the document, so a new one is covered by itself. What single values do to the
appointment family, tests/appointments/api/test_hostile.py asks more closely.
"""

import json
from operator import attrgetter
from typing import Any

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from .document import OPERATIONS, WRITES, Operation
from .people import Scene

BODIES = {
    "a list": b"[]",
    "a list of objects": b'[{"name": "x"}]',
    "a text": b'"x"',
    "a number": b"1",
    "null": b"null",
    "cut off": b'{"a": ',
    "NaN": b'{"a": NaN}',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "NUL in a text": b'{"a": "x\\u0000y"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone surrogate in a name": b'{"\\udfff": 1}',
    "100,000 lists deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "3 MB": b'{"a": "' + b"x" * 3_000_000 + b'"}',
}
OBJECTS: list[Any] = [{}, {"a": {"b": 1}}]
LISTS: list[Any] = [[], [[1]]]
TYPES = ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x", ""]

writing = [one for one in OPERATIONS if one.method in WRITES]
taking_json = [one for one in writing if one.takes_json]
# What takes whatever is sent looks at its signature first (tests/payments/test_callbacks.py).
taking_anything = [one for one in writing if "*/*" in one.content_types]
taking_files = [
    one
    for one in writing
    if one.content_types and not one.takes_json and one not in taking_anything
]
closed = [one for one in writing if not one.is_open_to_guests]
needing = [one for one in taking_json if one.body.get("required") and one.method != "patch"]


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def send(
    scene: Scene,
    operation: Operation,
    body: bytes,
    content_type: str = "application/json",
    who: str = "operator",
) -> Any:
    """The operator may do everything, so that it is the body that is wrong."""
    path = operation.path.format(**{name: known[0] for name, known in scene.ids.items()})
    client = APIClient(headers=scene.headers(who))
    return client.generic(operation.method.upper(), path, body, content_type=content_type)


def errors_of(answer: Any, status: int = 400, code: str = "invalid") -> dict[str, Any]:
    body = answer.json()
    assert (answer.status_code, body["code"], body["success"]) == (status, code, False), body
    assert set(body) <= {"success", "code", "error", "message", "errors"}
    assert body["error"] == body["message"] != ""
    errors: dict[str, Any] = body.get("errors", {})
    return errors


@pytest.mark.parametrize("operation", taking_json, ids=attrgetter("name"))
def test_what_is_no_json_object_is_refused_as_a_body(scene, operation):
    before = counts()

    for kind, body in BODIES.items():
        assert set(errors_of(send(scene, operation, body))) == {"body"}, kind

    assert counts() == before


@pytest.mark.parametrize("operation", taking_json, ids=attrgetter("name"))
def test_another_type_than_json_is_refused(scene, operation):
    before = counts()

    for kind in TYPES:
        errors_of(send(scene, operation, b"{}", kind), 415, "unsupported_media_type")

    assert counts() == before


@pytest.mark.parametrize("operation", needing, ids=attrgetter("name"))
def test_what_is_missing_is_named(scene, operation):
    before = counts()

    for body in (b"", b" ", b"{}", b'{"unheard": "of"}'):
        assert set(operation.body["required"]) <= set(errors_of(send(scene, operation, body)))

    assert counts() == before


@pytest.mark.parametrize("operation", taking_json, ids=attrgetter("name"))
def test_a_value_of_another_kind_is_refused_by_its_name(scene, operation):
    before = counts()

    for name, schema in operation.fields.items():
        own = {"array": LISTS, "object": OBJECTS}.get(schema.get("type", ""), [])
        for value in (one for one in LISTS + OBJECTS if one not in own):
            errors = errors_of(send(scene, operation, json.dumps({name: value}).encode()))
            assert name in errors, value

    assert counts() == before


@pytest.mark.parametrize("operation", taking_files, ids=attrgetter("name"))
def test_a_file_that_is_none_is_refused(scene, operation):
    before = counts()

    for kind, body in BODIES.items():
        for content_type in operation.content_types:
            answer = send(scene, operation, body, content_type.replace("*", "png"))
            assert answer.status_code < 500, kind
            errors_of(answer, answer.status_code, answer.json()["code"])
        errors_of(send(scene, operation, body), 415, "unsupported_media_type")

    assert counts() == before


@pytest.mark.parametrize("operation", closed, ids=attrgetter("name"))
def test_a_guest_hears_nothing_of_what_is_wrong_with_the_body(scene, operation):
    before = counts()

    for body in BODIES.values():
        errors_of(send(scene, operation, body, who="guest"), 401, "unauthenticated")

    assert counts() == before
