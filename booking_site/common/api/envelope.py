"""The contract's envelope around every answer."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from booking_site.common.errors import Refusal

if TYPE_CHECKING:
    from booking_site.common.pagination import Page


def ok(data: Any, *, status: int = 200) -> Response:
    """``{"success": true, "data": …}``"""
    return Response({"success": True, "data": data}, status=status)


def created(data: Any) -> Response:
    return ok(data, status=201)


def listed(data: Iterable[Any], page: "Page") -> Response:
    """A list answer with its ``pagination``."""
    pagination = {"page": page.number, "limit": page.limit, "total": page.total}
    return Response({"success": True, "data": data, "pagination": pagination})


def refused(refusal: Refusal) -> Response:
    """The error envelope; the sentence is in the language of the request."""
    answer = Response(
        error_body(refusal.code, str(refusal.message), refusal.errors), status=refusal.status
    )
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after:
        answer["Retry-After"] = str(retry_after)
    return answer


def error_body(code: str, sentence: str, errors: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"success": False, "code": code, "error": sentence, "message": sentence}
    if errors:
        body["errors"] = errors
    return body


class PaginationShape(serializers.Serializer):
    page = serializers.IntegerField()
    limit = serializers.IntegerField()
    total = serializers.IntegerField()


ErrorShape = inline_serializer(
    name="Refusal",
    fields={
        "success": serializers.BooleanField(default=False),
        "code": serializers.CharField(),
        "error": serializers.CharField(),
        "message": serializers.CharField(),
        "errors": serializers.DictField(required=False),
    },
)


@cache
def enveloped(shape: type[serializers.Serializer], *, many: bool = False) -> serializers.Serializer:
    """The schema of an answer that carries ``shape`` (or a page of them) as its data. Made once,
    because a component of the document must always be the same class."""
    fields: dict[str, Any] = {"success": serializers.BooleanField(), "data": shape(many=many)}
    if many:
        fields["pagination"] = PaginationShape()
    stem = shape.__name__.removesuffix("Serializer").removesuffix("Shape")
    return inline_serializer(name=f"{stem}{'Page' if many else ''}Answer", fields=fields)


def answers(
    shape: type[serializers.Serializer] | None = None, *, status: int = 200, many: bool = False
) -> dict[int, Any]:
    """``responses=`` for extend_schema: the good answer and the refusals any call may give."""
    good = enveloped(shape, many=many) if shape else None
    return {status: good, **refusals()}


# 408 and 413 are the turnstile's, before any view.
REFUSALS = (400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 429, 503)


def refusals() -> dict[int, Any]:
    """The refusals any call may give, for calls whose good answer has a form of its own."""
    return dict.fromkeys(REFUSALS, ErrorShape)
