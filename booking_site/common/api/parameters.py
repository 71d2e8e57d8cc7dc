"""Parameters that many calls share, for the OpenAPI document."""

from drf_spectacular.utils import OpenApiParameter

from booking_site.common.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_PAGE

PAGING = [
    OpenApiParameter(
        "page",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 1},
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
    ),
]

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "1 to 255 printable ASCII characters of your choice. Repeating the request with the same "
        "key and body within 24 hours gives the first answer again, with "
        "`Idempotency-Replayed: true`; another body answers 409 `idempotency_mismatch`."
    ),
)
