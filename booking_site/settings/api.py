"""DRF, its schema, and the limits."""

from .env import DEMO, env

# One window and one number for all; sign-in and proof of a booking have stricter figures of
# their own (booking_site.common.limits), which the demo does not relax.
RATE_LIMIT_WINDOW_MS = env.int("RATE_LIMIT_WINDOW_MS", 900_000)
RATE_LIMIT_MAX_REQUESTS = env.int("RATE_LIMIT_MAX_REQUESTS", 100)
RATE_LIMIT_SIGNED_IN_MAX_REQUESTS = env.int("RATE_LIMIT_SIGNED_IN_MAX_REQUESTS", 600)
RATE_LIMIT_DEMO_WRITES_PER_MINUTE = env.int("RATE_LIMIT_DEMO_WRITES_PER_MINUTE", 600)
RATE_LIMIT_GENEROUS = DEMO

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "stores.api.authentication.ApiKeyAuthentication",
        "accounts.api.authentication.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["booking_site.common.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # What OPTIONS would say stands in the OpenAPI document.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["booking_site.common.api.throttling.EveryCaller"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "booking_site.common.api.exceptions.to_envelope",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "约见 Yuejian",
    "DESCRIPTION": "Appointments with people who have time or room to give.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "DISABLE_ERRORS_AND_WARNINGS": False,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentStatus": "appointments.models.Status",
        "Presence": "realtors.models.Presence",
        "NoneBecause": "appointments.selectors.slots.NoneBecause",
        "ReviewReportReason": "reviews.models.ReportReason",
        "MessageReportReason": "chat.models.ReportReason",
        "MessageKind": "chat.models.MessageKind",
        "SentMessageKind": ["text", "image", "voice", "file", "sticker"],
        "HealthStatus": ["ok", "degraded"],
        "ListingKind": "realtors.models.ListingKind",
        "ListingStatus": "realtors.models.ListingStatus",
        "ListingStatusByOwner": ["draft", "published"],
        "PaymentStatus": "appointments.models.PaymentStatus",
        "SeatPaymentStatus": ["unpaid", "paid", "refunded"],
        "ServiceStatus": ["active", "inactive"],
        # Also of the sides of an order.
        "UserType": "accounts.models.UserType",
        "SlotStatus": ["available", "booked", "blocked", "completed", "cancelled"],
        "SlotStep": ["available", "blocked", "completed", "cancelled"],
    },
    # No badge from a validator on the network.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# 2.5 MB: more than any form or JSON of ours; uploads have their own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
