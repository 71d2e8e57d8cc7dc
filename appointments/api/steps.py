"""What the OpenAPI document says of calls that take a thing one step further."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.serializers import Serializer

from booking_site.common.api.envelope import answers
from booking_site.common.api.parameters import IDEMPOTENCY_KEY


def steps_of(
    tags: list[str], shape: type[Serializer], *, asks: type[Serializer] | None = None
) -> Callable[..., Any]:
    """Describes each of them by its operation id: safe to repeat, answered with the thing
    (``shape``). ``asks``: what the body of most says."""

    def described(operation_id: str, *, request: Any = asks) -> Any:
        return extend_schema(
            operation_id=operation_id,
            tags=tags,
            parameters=[IDEMPOTENCY_KEY],
            request=request,
            responses=answers(shape),
        )

    return described
