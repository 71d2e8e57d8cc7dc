"""Whatever the OpenAPI document allows, and what it does not, answers as the document says.

Schemathesis makes the requests from the document itself, so a new operation is called too. The
same seed makes the same requests:

    FUZZ_EXAMPLES=200 FUZZ_SEED=1 pytest tests/contract/test_fuzz.py
"""

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .document import DOCUMENT, OPERATIONS, Operation
from .people import WHO, Scene

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What a random value hits only by chance, so that requests come further than the first refusal.
LIKELY: dict[str, list[Any]] = {
    "date": ["2026-03-05"],
    "appointment_date": ["2026-03-02"],
    "start_date": ["2026-03-02"],
    "start_time": ["15:00"],
    "starts_at": ["2026-03-02T15:00:00+08:00"],
    "ends_at": ["2026-03-02T16:00:00+08:00"],
    "duration_minutes": [60],
    "customer_phone": ["13800000005"],
    "customer_name": ["Lan"],
    "email": ["lan@example.com"],
    "asap": [False],
    "slotDate": ["2026-03-05"],
    "dateFrom": ["2026-03-04"],
    "dateTo": ["2026-03-11"],
    "startTime": ["15:00"],
    "endTime": ["16:00"],
    "weekdays": [[2]],
    "duration": [60],
    "lockToken": [None],
    "status": ["pending", "published", "blocked"],
    "content": [{"text": "Hello"}],
    "messageType": ["text"],
    "clientId": [None],
    "q": ["Hello"],
    "reserve_time": ["2026-03-03 15:00:00"],
    "scheduledTime": ["2026-03-05T15:00:00+08:00", "2026-03-05 15:00:00"],
    "totalAmount": [180],
    "durationMinutes": [120],
    "customerAddress": ["Huaihai Road 1", {"address": "Huaihai Road 1"}],
    "holdToken": [None],
    "check_in": ["2026-03-05"],
    "check_out": ["2026-03-07"],
    "verdict": ["interested"],
}


def loaded(document: dict[str, Any]) -> Any:
    config = SchemathesisConfig()
    # Who calls is for the tests to say.
    config.projects.default.generation.update(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = WSGIHandler()
    return schema


SCHEMA = loaded(DOCUMENT)


@pytest.fixture(autouse=True)
def _connection_of_the_test() -> Iterator[None]:
    """As Django's own test client does: a request must not close what holds the test's rows."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@contextmanager
def undone() -> Iterator[None]:
    """Each request finds the scene as it was set. Counts as a test's own transaction, in which the
    product may open those that it wants to be the outermost."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def more_likely(case: Any, operation: Operation, known: dict[str, list[Any]], draw: Any) -> None:
    """Put what exists, and makes sense, in some of the places for it."""
    for name in case.path_parameters or {}:
        if name in known and draw(st.sampled_from([True, True, True, False])):
            case.path_parameters[name] = draw(st.sampled_from(known[name]))
    for values, names in ((case.body, operation.fields), (case.query, operation.parameters)):
        for name in names:
            if isinstance(values, dict) and name in known and draw(st.booleans()):
                values[name] = draw(st.sampled_from(known[name]))


def assert_enveloped(answer: Any) -> None:
    body = answer.json()
    assert body["success"] is False
    assert set(body) <= {"success", "code", "error", "message", "errors"}
    assert {type(body[name]) for name in ("code", "error", "message")} == {str}
    assert body["error"] == body["message"] != ""


def call(schema: Any, operation: Operation, who: str, scene: Scene) -> None:
    """EXAMPLES requests of this operation, each of them judged by the document."""
    made = schema[operation.path][operation.method.upper()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of([made.as_strategy(generation_mode=mode) for mode in modes]), data=st.data()
    )
    def once(case: Any, data: Any) -> None:
        note(f"FUZZ_SEED={SEED} FUZZ_EXAMPLES={EXAMPLES}, as {who}")
        more_likely(case, operation, LIKELY | scene.ids, data.draw)
        with undone():
            # Schemathesis asks for compressed answers and does not unpack what WSGI hands it.
            headers = scene.headers(who) | {"Accept-Encoding": "identity"}
            answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400 and operation.path.startswith("/api/"):
            assert_enveloped(answer)

    once()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", OPERATIONS, ids=attrgetter("name"))
def test_every_answer_is_one_that_the_document_tells_of(scene, operation, who):
    call(SCHEMA, operation, who, scene)


def test_an_answer_that_the_document_does_not_tell_of_is_noticed(scene):
    wrong = copy.deepcopy(DOCUMENT)
    wrong["components"]["schemas"]["StoreShape"]["properties"]["id"] = {"type": "integer"}
    (stores,) = (one for one in OPERATIONS if one.name == "list_stores")

    with pytest.raises(FailureGroup, match="Response violates schema"):
        call(loaded(wrong), stores, "guest", scene)
