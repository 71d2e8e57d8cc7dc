"""The top level holds what the product's order names, and no code beside it."""

from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ORDERED = [
    "manage.py",
    "booking_site",
    "appointments",
    "stores",
    "realtors",
    "chat",
    "reviews",
    "templates",
    "static",
    "requirements.txt",
]
ADDED = {"accounts", "payments", "notifications", "tests", "benchmarks"}


@pytest.mark.parametrize("name", ORDERED)
def test_the_top_level_holds(name: str):
    assert (ROOT / name).exists()


def test_no_other_package_lies_at_the_top():
    packages = {path.parent.name for path in ROOT.glob("[!.]*/__init__.py")}

    assert packages - set(ORDERED) - ADDED == set()


def test_no_other_module_lies_at_the_top():
    assert {path.name for path in ROOT.glob("*.py")} == {"manage.py"}
