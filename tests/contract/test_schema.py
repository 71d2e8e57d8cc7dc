"""The OpenAPI document: it holds what the resolver holds, and nothing else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.views import APIView

METHODS = {"get", "post", "put", "patch", "delete"}
# Documents about the API are not part of it.
ABOUT = {"/api/schema/", "/api/docs/"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def routes() -> list[tuple[str, type[APIView]]]:
    """Path and view of every route that REST framework serves."""
    found = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                view = getattr(pattern.callback, "cls", None)
                if view is not None:
                    found.append((path, view))
            else:
                walk(pattern.url_patterns, path)

    walk(get_resolver().url_patterns, "/")
    return found


def test_it_is_valid(document):
    validate_schema(document)


def test_it_holds_every_route_and_nothing_else(document):
    import re

    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))
        for path, view in routes()
        if path not in ABOUT
        for method in METHODS
        if hasattr(view, method)
    }

    assert set(operations(document)) == served


def test_every_operation_has_a_name_of_its_own(document):
    names = [operation["operationId"] for operation in operations(document).values()]

    assert len(names) == len(set(names))
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)


def test_every_refusal_is_the_envelope(document):
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Refusal"}


def test_the_idempotency_key_stands_where_the_contract_says(document):
    def takes_a_key(operation):
        names = [parameter["name"] for parameter in operation.get("parameters", ())]
        return "Idempotency-Key" in names

    family = {
        path.removeprefix("/api/v1/appointment")
        for (method, path), operation in operations(document).items()
        if path.startswith("/api/v1/appointment/") and method == "post"
        if not takes_a_key(operation)
    }

    # Saying the same twice changes nothing.
    assert family == {"/realtor/status", "/realtor/heartbeat"}


def test_guests_are_let_in_where_the_contract_says(document):
    """An empty security requirement is nobody's identity."""
    open_to_guests = {
        f"{method} {path.removeprefix('/api/v1/appointment/')}"
        for (method, path), operation in operations(document).items()
        if path.startswith("/api/v1/appointment/") and {} in operation["security"]
    }

    assert open_to_guests == {
        "post appointments",
        "get appointments/{code}",
        "get stores/{store_id}/queue",
        "get appointments/{code}.ics",
        "get appointments/{code}/history",
        "post appointments/{code}/cancel",
        "post appointments/{code}/reschedule",
        "get stores",
        "get stores/{store_id}",
        "get stores/{store_id}/hours",
        "get stores/{store_id}/slots",
        "get stores/{store_id}/special-days",
        "get stores/{store_id}/special-days/{day_id}",
        "post stores/{store_id}/holds",
        "delete holds/{token}",
        "get realtors",
        "get realtors/{realtor_id}",
        "get realtors/{realtor_id}/hours",
    }


def test_every_view_says_who_may():
    silent = [
        view.__name__
        for _path, view in routes()
        if not any(
            "permission_classes" in vars(cls) or "get_permissions" in vars(cls)
            for cls in view.__mro__[: view.__mro__.index(APIView)]
        )
        and view.__module__.split(".")[0] != "accounts"
    ]

    assert silent == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/json", "application/yaml"])
def test_it_is_served_to_everybody(kind):
    answer = Client(headers={"accept": f"application/vnd.oai.openapi, {kind}"}).get("/api/schema/")

    assert answer.status_code == 200
    assert "/api/v1/appointment/appointments" in answer.content.decode()


@pytest.mark.django_db
def test_the_page_loads_nothing_from_elsewhere_and_its_own_style():
    answer = Client().get("/api/docs/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "http://" not in page
    assert "https://" not in page
    policy = dict(
        rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert not [rule for rule in policy.values() if "http" in rule or "*" in rule]


@pytest.mark.django_db
def test_the_script_of_the_page_asks_no_validator_on_the_network():
    script = Client().get("/api/docs/", {"script": ""}).content.decode()

    assert '"validatorUrl": null' in script
    assert "/api/schema/" in script
