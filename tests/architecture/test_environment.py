"""deploy/env.example tells of every name that the product reads, and of no other."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Read by deploy/dev/run.sh and deploy/start.sh, and by compose (test_deploy_files.py looks there).
BESIDE_THE_SETTINGS = {
    "PORT",
    "BIND",
    "WEB_CONCURRENCY",
    "WORKER_CONCURRENCY",
    "FORWARDED_ALLOW_IPS",
    "MARIADB_PASSWORD",
    "MARIADB_ROOT_PASSWORD",
    "TLS_FOLDER",
    "IMAGE_TAG",
}


def names_read() -> set[str]:
    sources = (ROOT / "booking_site" / "settings").glob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    call = r"\b(?:env(?:\.\w+)?|(?:optional_)?secret)\(\s*\"([A-Z][A-Z0-9_]+)\""
    return set(re.findall(call, text))


def names_told() -> set[str]:
    text = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE))


def test_every_name_that_is_read_is_told():
    assert (names_read() | BESIDE_THE_SETTINGS) - names_told() == set()


def test_every_name_that_is_told_is_read():
    assert names_told() - names_read() - BESIDE_THE_SETTINGS == set()
