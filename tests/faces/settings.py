"""The tests' settings, with the doors of tests.faces.urls."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faces.urls"
