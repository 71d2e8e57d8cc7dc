"""The one place that reads the environment. Other files import names from here."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]


class Environment(environ.Env):
    """Says by its name which value cannot be read, and knows which were asked for."""

    asked: set[str] = set()

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        self.asked.add(var)
        try:
            return super().get_value(var, *args, **options)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error


env = Environment()
env.read_env(BASE_DIR / ".env", overwrite=False)

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)

# Written only by people in a hurry; a production that carries one of these must not start.
KNOWN_WEAK_KEYS = ("demo", "change-me", "changeme", "insecure", "secret")


def secret(name: str) -> str:
    """A key from the environment: present, long, not one of the demo's, or no start at all."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: put a random string of 50 characters there."
        )
    _refuse_weak(name, value)
    return value


def optional_secret(name: str) -> str:
    """As ``secret``, but nothing at all is fine."""
    value = env.str(name, "")
    if value:
        _refuse_weak(name, value)
    return value


def _refuse_weak(name: str, value: str) -> None:
    if DEMO:
        return
    if len(value) < 32 or value.lower().startswith(KNOWN_WEAK_KEYS):
        raise ImproperlyConfigured(
            f"{name} is a demo key or shorter than 32 characters: make a new one for production."
        )


SECRET_KEY = secret("SECRET_KEY")
JWT_SIGNING_KEY = secret("JWT_SIGNING_KEY")
if JWT_SIGNING_KEY == SECRET_KEY:
    raise ImproperlyConfigured("JWT_SIGNING_KEY must differ from SECRET_KEY.")

REDIS_URL = env.str("REDIS_URL", "")
