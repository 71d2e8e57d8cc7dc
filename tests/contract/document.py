"""The OpenAPI document as the tests read it: every operation, and what it takes."""

import json
from dataclasses import dataclass
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

METHODS = ("get", "post", "put", "patch", "delete")
WRITES = ("post", "put", "patch")


def _document() -> dict[str, Any]:
    generated = SchemaGenerator().get_schema(request=None, public=True)
    # Through JSON, as clients get it: nothing lazy, no types of Python's own.
    document: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(generated))
    return document


DOCUMENT = _document()


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def name(self) -> str:
        name: str = self.said["operationId"]
        return name

    @property
    def is_open_to_guests(self) -> bool:
        """Also where nobody is asked who they are."""
        return {} in self.said.get("security", [{}])

    @property
    def content_types(self) -> list[str]:
        """What it says its body may be."""
        return list(self.said.get("requestBody", {}).get("content", {}))

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.content_types

    @property
    def body(self) -> dict[str, Any]:
        """The schema of its JSON body; without one, of an empty object."""
        if not self.takes_json:
            return {}
        return resolved(self.said["requestBody"]["content"]["application/json"]["schema"])

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The schema of each field of its JSON body."""
        return {name: resolved(schema) for name, schema in self.body.get("properties", {}).items()}

    @property
    def parameters(self) -> list[str]:
        """The names of what its query may carry."""
        return [one["name"] for one in self.said.get("parameters", ()) if one["in"] == "query"]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The component that a schema refers to, or itself."""
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return found


OPERATIONS = [
    Operation(method, path, said)
    for path, methods in DOCUMENT["paths"].items()
    for method, said in methods.items()
    if method in METHODS
]
