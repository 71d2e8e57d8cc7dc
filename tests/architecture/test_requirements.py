"""What is installed is pinned to the byte, and comes from wherever the machine is told."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ORDERED = [
    "django",
    "djangorestframework",
    "channels",
    "channels-redis",
    "mysqlclient",
    "celery",
    "django-filter",
    "pytest-django",
]
COMPILED = ["requirements.txt", "requirements-dev.txt"]


def entries(name: str) -> list[str]:
    """The requirements of a compiled file, each with its hashes, on one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("package", ORDERED)
def test_the_ordered_packages_are_named_and_pinned(package: str):
    assert any(line.startswith(f"{package}==") for line in entries("requirements.txt"))


@pytest.mark.parametrize("name", COMPILED)
def test_every_entry_has_a_version_and_a_hash(name: str):
    loose = [
        line
        for line in entries(name)
        if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", line) or "--hash=sha256:" not in line
    ]

    assert loose == []


@pytest.mark.parametrize("name", COMPILED)
def test_no_registry_or_folder_of_one_machine_is_written_down(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"https?://|index-url|find-links|file:|(?<!\w)/\w+/", text) == []


@pytest.mark.parametrize("name", COMPILED)
def test_what_is_asked_for_is_what_is_pinned(name: str):
    source = (ROOT / name).with_suffix(".in").read_text(encoding="utf-8")
    asked = {
        re.match(r"[A-Za-z0-9._-]+", line)[0].lower()
        for line in source.splitlines()
        if line and line[0] not in "#-"
    }
    pinned = {re.split(r"==|\[", line)[0] for line in entries(name)}

    assert asked - pinned == set()
