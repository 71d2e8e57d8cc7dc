"""Mail goes to the console unless EMAIL_URL, or SMTP_HOST and its kin, name a server; in the demo
to files in var/mail."""

from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

from .env import BASE_DIR, DEMO, env


def _named_in_parts() -> str:
    """SMTP_HOST, SMTP_PORT, SMTP_USER and SMTP_PASS as one address; empty without a host. Over
    TLS, unless it is the plain port without a password."""
    host, port = env.str("SMTP_HOST", ""), env.int("SMTP_PORT", 587)
    user, password = env.str("SMTP_USER", ""), env.str("SMTP_PASS", "")
    if not host:
        return ""
    scheme = "smtp+ssl" if port == 465 else "smtp" if port == 25 and not user else "smtp+tls"
    who = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return f"{scheme}://{who}{host}:{port}"


_ELSE = _named_in_parts() or ("filemail://" if DEMO else "consolemail://")
try:
    _MAIL = env.email_url("EMAIL_URL", default=_ELSE)
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
