"""What a key may be allowed. Which calls each one opens stands in stores.api.key_doors."""

SCOPES = (
    "stores:read",
    "stores:write",
    "listings:read",
    "listings:write",
    "appointments:read",
    "appointments:write",
    "orders:read",
    "orders:write",
    "payments:read",
    "reviews:read",
    "reviews:write",
    "statistics:read",
    "webhooks:read",
    "webhooks:write",
)
