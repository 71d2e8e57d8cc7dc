"""Apps that call the API: ``caller(user).post("appointments", {...})``, guests as ``caller()``."""

import json
from typing import Any

from rest_framework.test import APIClient

from accounts.models import User

FAMILY = "/api/v1/appointment/"


class Caller:
    """One app. Paths are those of the appointment family unless they start with a slash."""

    def __init__(self, user: User | None = None, **headers: str) -> None:
        self.client = APIClient(headers={"accept-language": "en"} | headers)
        self.client.raise_request_exception = True
        if user is not None:
            self.client.force_authenticate(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(_whole(path), query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("delete", path, None, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        """The body is sent as it is when it is bytes already."""
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        call = getattr(self.client, method)
        return call(_whole(path), data, content_type="application/json", headers=named)


def caller(user: User | None = None, **headers: str) -> Caller:
    return Caller(user, **headers)


def _whole(path: str) -> str:
    return path if path.startswith("/") else FAMILY + path


def data_of(answer: Any, status: int = 200) -> Any:
    """What a good answer carries."""
    body = answer.json()
    assert answer.status_code == status, body
    assert body["success"] is True
    return body["data"]


def refusal_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The errors by field of a refusal in the contract's envelope."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert body["success"] is False
    assert body["error"] == body["message"] != ""
    assert set(body) <= {"success", "code", "error", "message", "errors"}
    errors: dict[str, Any] = body.get("errors", {})
    return errors
