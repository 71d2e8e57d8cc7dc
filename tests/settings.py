"""The product's own settings, in an environment of the tests' own.

Nothing of a developer's .env file gets in: every name that matters is set here first. The server
that browser and race tests start (tests.support.server) runs on this module too.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ROOT = Path(__file__).resolve().parents[1]
# tests/run.py gives a folder and removes it; a plain `pytest` uses the git-ignored var/test.
TEST_FOLDER = Path(os.environ.setdefault("TEST_FOLDER", str(_ROOT / "var" / "test")))
TEST_FOLDER.mkdir(parents=True, exist_ok=True)
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

for _name, _value in {
    "SECRET_KEY": "for-the-tests-only-" * 3,
    "JWT_SIGNING_KEY": "signs-in-the-tests-only-" * 3,
    "DEBUG": "0",
    "DEMO": "0",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "EMAIL_URL": "filemail://",
    "STAFF_MFA_REQUIRED": "0",
    "STAFF_IDLE_MINUTES": "0",
    "STAFF_SESSION_HOURS": "0",
    "STAFF_RECENT_MINUTES": "0",
    "SECURE_SSL_REDIRECT": "0",
    "RATE_LIMIT_MAX_REQUESTS": "1000000",
    "RATE_LIMIT_SIGNED_IN_MAX_REQUESTS": "1000000",
    "WEBHOOK_ALLOWED_PORTS": "443",
    "WEBHOOK_ALLOW_INSIDE": "0",
    "PAYMENT_GATEWAYS": "sandbox",
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "line",
    # Sockets look five times as often.
    "REALTIME_TICK_SECONDS": "0.2",
    "DATABASE_URL": f"sqlite:///{TEST_FOLDER}/db.sqlite3",
    "REDIS_URL": "",
}.items():
    os.environ.setdefault(_name, _value)

# Workers share one Redis, so each takes the database of its own number in it.
if os.environ["REDIS_URL"]:
    _number = int(_WORKER.removeprefix("gw"))
    os.environ["REDIS_URL"] = (
        urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{_number}").geturl()
    )

from booking_site.settings import *  # noqa: E402
from booking_site.settings import CHANNEL_LAYERS, DATABASES, STORAGES  # noqa: E402

# A server process must be able to open the test database, so SQLite keeps it in a file.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("TEST", {})["NAME"] = str(TEST_FOLDER / "test.sqlite3")

# Redis' published messages know no database number: the name must tell the workers apart.
if os.environ["REDIS_URL"]:
    _layer: Any = CHANNEL_LAYERS["default"]
    _layer["CONFIG"]["prefix"] = f"test-{_WORKER}"

# Hints are dropped, doubled and delayed: "0.2,0.1,0.05" are the shares (tests/realtime/lossy.py).
if os.environ.get("LOSSY_LAYER"):
    _lossy: Any = CHANNEL_LAYERS["default"]
    _kind = "LossyRedis" if os.environ["REDIS_URL"] else "LossyMemory"
    _lossy["BACKEND"] = f"tests.realtime.lossy.{_kind}"
    _lossy["CONFIG"]["shares"] = [float(share) for share in os.environ["LOSSY_LAYER"].split(",")]

# The tests speak plain HTTP on loopback, to which a client does not send Secure cookies back.
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

# A slow hash protects stored passwords; here it would only cost a tenth of a second a person.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A code of the second factor ends at midnight here, not while a slow test carries it to the form.
MFA_TOTP_PERIOD = 24 * 60 * 60

EMAIL_FILE_PATH = str(TEST_FOLDER / "mail" / _WORKER)
MEDIA_ROOT = TEST_FOLDER / "media" / _WORKER
BACKUP_FOLDER = TEST_FOLDER / "backups" / _WORKER
PRIVATE_ROOT = TEST_FOLDER / "private" / _WORKER
STORAGES = {**STORAGES, "private": {**STORAGES["private"], "OPTIONS": {"location": PRIVATE_ROOT}}}

# tests/run.py collects the static files first, under the names they have in production, so that a
# name without a file fails as it would there. A plain `pytest` finds them where they lie.
STATIC_ROOT = TEST_FOLDER / "static"
if "collectstatic" not in sys.argv and not (STATIC_ROOT / "staticfiles.json").exists():
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    SERVESTATIC_USE_FINDERS = True
