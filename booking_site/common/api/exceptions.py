"""Every refusal of the API, whoever raised it, in the contract's envelope."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from booking_site.common.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    TooMany,
    Unavailable,
)

from .envelope import error_body, refused

log = logging.getLogger(__name__)


def to_envelope(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Anything unknown stays an error and is logged as one."""
    if isinstance(error, Unavailable | OperationalError):
        # The caller need not know which part is down; whoever keeps the site running must.
        log.error("unavailable: %.200r", error.__cause__ or error)
    if isinstance(error, Refusal):
        return refused(error)
    if isinstance(error, exceptions.ValidationError):
        return refused(Invalid(errors=_by_field(error.detail)))
    if isinstance(error, exceptions.ParseError | SuspiciousOperation):
        return refused(Invalid(errors={"body": [_("Could not be read.")]}))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _unauthenticated(error)
    if isinstance(error, exceptions.PermissionDenied | PermissionDenied):
        return refused(Forbidden())
    if isinstance(error, exceptions.NotFound | Http404):
        return refused(NotFound())
    if isinstance(error, exceptions.Throttled):
        return refused(TooMany(retry_after=int(getattr(error, "wait", None) or 60) + 1))
    if isinstance(error, OperationalError):
        return refused(Unavailable())
    if isinstance(error, exceptions.APIException):
        code = str(getattr(error, "default_code", "invalid"))
        return Response(error_body(code, str(error.detail)), status=error.status_code)
    return None


def _unauthenticated(error: exceptions.APIException) -> Response:
    answer = Response(error_body("unauthenticated", str(error.detail)), status=error.status_code)
    scheme = getattr(error, "auth_header", None)
    if scheme:
        answer["WWW-Authenticate"] = scheme
    return answer


def _by_field(detail: Any) -> dict[str, list[str]]:
    """Sentences by the fields of the body. What is wrong within one says where it is: ``lat: …``,
    ``0.opens: …``; of one of many it is said as it is."""
    if not isinstance(detail, dict):
        return {"non_field_errors": detail}
    return {name: list(_sentences(inside, ())) for name, inside in detail.items()}


def _sentences(detail: Any, way: tuple[str, ...]) -> Iterator[str]:
    if isinstance(detail, dict | list):
        for name, part in detail.items() if isinstance(detail, dict) else enumerate(detail):
            is_part = isinstance(part, dict | list) and name != "non_field_errors"
            yield from _sentences(part, (*way, str(name)) if is_part else way)
        return
    own = way[:-1] if way and way[-1].isdecimal() else way
    yield f"{'.'.join(own)}: {detail}" if own else str(detail)
