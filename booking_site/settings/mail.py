"""Mail goes to the console unless EMAIL_URL names a server; in the demo to files in var/mail."""

from django.core.exceptions import ImproperlyConfigured

from .env import BASE_DIR, DEMO, env

try:
    _MAIL = env.email_url("EMAIL_URL", default="filemail://" if DEMO else "consolemail://")
except ImproperlyConfigured as error:
    raise ImproperlyConfigured(
        "EMAIL_URL must name how mail goes out: smtp+tls://user:password@host:587"
    ) from error
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST = _MAIL.get("EMAIL_HOST", "")
EMAIL_PORT = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(BASE_DIR / "var" / "mail")
# Seconds for each answer of the server.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "约见 Yuejian <no-reply@localhost>")
