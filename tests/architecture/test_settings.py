"""With which environment the product starts, and what it says when it does not."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "signs-what-the-pages-send-" * 2,
    "JWT_SIGNING_KEY": "signs-what-the-apps-bring-" * 2,
    "DATABASE_URL": "mysql://yuejian:password@db.example/yuejian",
    "ALLOWED_HOSTS": "yuejian.example",
}
# A .env file of this checkout is a developer's own and says nothing here.
START = """
import environ, json, sys
environ.Env.read_env = lambda *_args, **_options: None
import booking_site.settings as settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


def start(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, and print these."""
    return subprocess.run(
        [sys.executable, "-c", START, *names],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def read(*names: str, **environment: str) -> dict[str, Any]:
    started = start(*names, **environment)
    assert started.returncode == 0, started.stderr
    values: dict[str, Any] = json.loads(started.stdout)
    return values


def demo_key(folder: Path) -> str:
    """As `make run` writes one."""
    keys = runpy.run_path(str(ROOT / "deploy" / "dev" / "keys.py"))
    keys["main"](folder / ".env")
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith("SECRET_KEY="))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", "change-me" * 10),
        ("JWT_SIGNING_KEY", ""),
        ("JWT_SIGNING_KEY", "insecure-" * 10),
        ("JWT_SIGNING_KEY", PRODUCTION["SECRET_KEY"]),
        ("METRICS_TOKEN", "too short"),
        ("DATABASE_URL", "postgres://yuejian@db.example/yuejian"),
        ("DATABASE_URL", "db.sqlite3"),
        ("RATE_LIMIT_MAX_REQUESTS", "many"),
        ("TIMED_WORK_INTERVAL", "often"),
        ("EMAIL_URL", "mail.example:25"),
        ("SMTP_PORT", "submission"),
        ("MAX_FILE_SIZE", "10 MB"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("BACKUP_KEEP", "0"),
        ("BACKUP_AT", "3am"),
        ("BACKUP_AT", "25:00"),
        ("BACKUP_LETTERS", "never"),
        ("MAP_TILE_URL", "http://tile.example/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "//tile.example/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://tile.example;script-src/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://{s}.tile.example/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://tile.example/{z}/{x}.png"),
        ("MAP_TILE_URL", "https:///{z}/{x}/{y}.png"),
    ],
)
def test_it_does_not_start_and_names_the_setting(name: str, value: str):
    refused = start(**{name: value})

    assert refused.returncode != 0
    assert name in refused.stderr.splitlines()[-1]
    assert "ImproperlyConfigured" in refused.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY"])
def test_a_key_of_the_demo_starts_the_demo_and_nothing_else(tmp_path: Path, name: str):
    key = demo_key(tmp_path)

    assert start(DEMO="1", **{name: key}).returncode == 0
    refused = start(**{name: key})
    assert refused.returncode != 0
    assert f"{name} is a demo key" in refused.stderr


def test_what_production_is_by_itself():
    assert read(
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "STAFF_MFA_REQUIRED"
    ) == dict.fromkeys(
        (
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
            "SECURE_SSL_REDIRECT",
            "STAFF_MFA_REQUIRED",
        ),
        True,
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/tiles/{z}/{x}/{y}.png",
        "https://tile.example/{z}/{x}/{y}{r}.png",
        "https://t0.tile.example:8443/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk=0123",
    ],
)
def test_tiles_come_from_where_it_is_said_and_by_default_from_nowhere(address: str):
    assert read("MAP_TILE_URL", **({"MAP_TILE_URL": address} if address else {})) == {
        "MAP_TILE_URL": address
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"SMTP_HOST": "smtp.example", "SMTP_USER": "ann@example", "SMTP_PASS": "p@ss:w/rd"},
            ["smtp.example", 587, "ann@example", "p@ss:w/rd", True, False],
        ),
        (
            {"SMTP_HOST": "relay.local", "SMTP_PORT": "25"},
            ["relay.local", 25, "", "", False, False],
        ),
        ({"SMTP_HOST": "a.example", "SMTP_PORT": "465"}, ["a.example", 465, "", "", False, True]),
        (
            {"SMTP_HOST": "a.example", "EMAIL_URL": "smtp+tls://b:c@d.example:2525"},
            ["d.example", 2525, "b", "c", True, False],
        ),
    ],
)
def test_a_mail_server_in_parts_is_as_good_as_its_address(given: dict[str, str], said: list[Any]):
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")
    names += ("EMAIL_USE_TLS", "EMAIL_USE_SSL")

    assert list(read(*names, **given).values()) == said


def test_names_of_the_fourth_document_are_heard(tmp_path: Path):
    given = {
        "RATE_LIMIT_WINDOW_MS": "60000",
        "RATE_LIMIT_MAX_REQUESTS": "7",
        "LOG_LEVEL": "info",
        "LOG_FILE": str(tmp_path / "logs" / "app.log"),
        "MAX_FILE_SIZE": "1048576",
        "ENABLE_METRICS": "false",
    }
    names = ("RATE_LIMIT_WINDOW_MS", "RATE_LIMIT_MAX_REQUESTS", "LOG_LEVEL", "LOG_FILE")
    names += ("UPLOAD_MAX_BYTES", "ENABLE_METRICS", "SETTINGS_GIVEN")

    found = read(*names, **given)

    assert found["SETTINGS_GIVEN"] == sorted({**PRODUCTION, **given})
    assert list(found.values())[:-1] == [60_000, 7, "INFO", given["LOG_FILE"], 1_048_576, False]
    assert (tmp_path / "logs").is_dir()
    assert (
        read("UPLOAD_MAX_BYTES", MAX_FILE_SIZE="1", UPLOAD_MAX_BYTES="2")["UPLOAD_MAX_BYTES"] == 2
    )


def test_uploads_lie_where_it_is_said(tmp_path: Path):
    code = START.replace("getattr(settings, name)", "str(getattr(settings, name))")
    done = subprocess.run(
        [sys.executable, "-c", code, "MEDIA_ROOT", "PRIVATE_ROOT"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, "UPLOAD_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert list(json.loads(done.stdout).values()) == [f"{tmp_path}/media", f"{tmp_path}/private"]


def test_the_limits_nobody_has_set():
    assert read(
        "RATE_LIMIT_WINDOW_MS",
        "RATE_LIMIT_MAX_REQUESTS",
        "RATE_LIMIT_SIGNED_IN_MAX_REQUESTS",
        "RATE_LIMIT_GENEROUS",
    ) == {
        "RATE_LIMIT_WINDOW_MS": 900_000,
        "RATE_LIMIT_MAX_REQUESTS": 100,
        "RATE_LIMIT_SIGNED_IN_MAX_REQUESTS": 600,
        "RATE_LIMIT_GENEROUS": False,
    }


def test_the_demo_counts_six_hundred_writes_a_minute_and_asks_no_second_factor():
    names = ("RATE_LIMIT_GENEROUS", "RATE_LIMIT_DEMO_WRITES_PER_MINUTE", "STAFF_MFA_REQUIRED")

    assert list(read(*names, DEMO="1").values()) == [True, 600, False]


@pytest.mark.parametrize("interval", ["0.2", "5", "60"])
def test_rounds_of_timed_work_never_line_up(interval):
    """A round without an end is begun however late it is: when rounds take longer than the time
    between them, ever more of them wait, and letters behind them."""
    rounds = read("CELERY_BEAT_SCHEDULE", TIMED_WORK_INTERVAL=interval)["CELERY_BEAT_SCHEDULE"]

    engine = rounds.pop("run-due-work")
    assert engine["options"]["expires"] == engine["schedule"] == float(interval)
    assert len(rounds) >= 7
    for one in rounds.values():
        # Long enough for a worker to come free of the engine's rounds; and not without end.
        least = max(30, one["schedule"])
        assert least <= one["options"]["expires"] <= max(least, float(interval))
