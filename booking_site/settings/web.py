"""Templates, static files, and what the browser is told."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from .env import BASE_DIR, DEBUG, DEMO, env, optional_secret

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "booking_site.site.context.brand",
                "booking_site.site.context.console",
                "booking_site.site.context.bell",
                "booking_site.site.context.talks",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
# Where people's files lie; `make backup` takes both folders.
UPLOAD_PATH = Path(BASE_DIR, env.str("UPLOAD_PATH", "var"))
MEDIA_ROOT = UPLOAD_PATH / "media"
# Handed out by views that ask who may see it, never by the proxy: keep it out of MEDIA_ROOT.
PRIVATE_ROOT = UPLOAD_PATH / "private"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "booking_site.common.files.PrivateStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "servestatic.storage.CompressedManifestStaticFilesStorage"
    },
}

# Nothing is loaded from another host, and nothing inline runs without this response's nonce.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        # A recording is heard before it is sent.
        "media-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# The demo speaks plain HTTP on loopback; production stands behind a TLS proxy.
_TLS = not DEMO
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", _TLS)
SECURE_REDIRECT_EXEMPT = [r"^(health|metrics)/?$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if _TLS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None

# 0: /metrics is not there, for nobody.
ENABLE_METRICS = env.bool("ENABLE_METRICS", True)
# Opens /metrics to whoever brings it; without one only direct callers of the own network get in.
METRICS_TOKEN = optional_secret("METRICS_TOKEN")
# A folder, emptied at every start, in which the processes behind one port add up what they count.
# prometheus_client finds it in the environment by itself.
PROMETHEUS_MULTIPROC_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", "")
