"""Figures of the business that belong to the installation, not to one store's policy."""

from .env import env

BRAND_NAME = env.str("BRAND_NAME", "约见 Yuejian")
# Where people find this site: links in letters begin with it. Never taken from a request.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
# Where "Open in maps" leads; {latitude} and {longitude} are WGS 84, {name} is the store's.
MAP_URL = env.str(
    "MAP_URL",
    "https://uri.amap.com/marker?position={longitude},{latitude}&name={name}&coordinate=wgs84",
)
DEFAULT_CURRENCY = "CNY"
# Kilometres around a place in which services are looked for, unless somebody says how far.
DEFAULT_RADIUS_KM = env.float("DEFAULT_RADIUS_KM", 10.0)
DEFAULT_TIME_ZONE = env.str("STORE_TIME_ZONE", "Asia/Shanghai")
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", "CN")
PHONENUMBER_DB_FORMAT = "E164"
IDEMPOTENCY_HOURS = env.int("IDEMPOTENCY_HOURS", 24)
# Seconds between two runs of the embedded timed work (Celery beat uses the same figure).
TIMED_WORK_INTERVAL = env.float("TIMED_WORK_INTERVAL", 5.0)
# How long the other side of an order may think about calling it off (SystemConfig order-policy).
ORDER_ANSWER_HOURS = env.int("ORDER_ANSWER_HOURS", 24)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", env.int("MAX_FILE_SIZE", 10_485_760))
# Requests one process works on at once; the rest waits in line (booking_site.site.turnstile),
HTTP_CONCURRENCY = env.int("HTTP_CONCURRENCY", 32)
# where a body must have arrived in so many seconds, large ones a little more.
HTTP_BODY_SECONDS = env.float("HTTP_BODY_SECONDS", 15.0)
# Webhooks go over https to these ports of addresses on the public internet, and nowhere else;
WEBHOOK_ALLOWED_PORTS = env.list("WEBHOOK_ALLOWED_PORTS", cast=int, default=[443])
# this lets them go anywhere, inside too: for tests and the demo (`check --deploy` refuses it).
WEBHOOK_ALLOW_INSIDE = env.bool("WEBHOOK_ALLOW_INSIDE", False)
