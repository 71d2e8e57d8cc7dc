"""Whose tiles maps are made of. By default nobody's: positions are drawn, and no other host is
asked for anything."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .env import env

_NEEDED, _KNOWN = {"z", "x", "y"}, {"z", "x", "y", "r"}


def _tile_url(address: str) -> str:
    """As it was given, if a browser can make a tile's address of it."""
    if not address:
        return ""
    marks = set(re.findall(r"{([^{}]*)}", address))
    parts = urlsplit(address)
    own = address.startswith("/") and not address.startswith("//")
    elsewhere = parts.scheme == "https" and re.fullmatch(r"[a-z0-9.-]+(:[0-9]+)?", parts.netloc)
    if re.search(r"\s", address) or not (own or elsewhere):
        raise ImproperlyConfigured("MAP_TILE_URL must begin with https:// and a host, or with /.")
    if not _NEEDED <= marks <= _KNOWN:
        raise ImproperlyConfigured("MAP_TILE_URL needs {z}, {x} and {y}, and knows {r} besides.")
    return address


MAP_TILE_URL = _tile_url(env.str("MAP_TILE_URL", ""))
# Shown below each map; addresses in it become links.
MAP_ATTRIBUTION = env.str("MAP_ATTRIBUTION", "")
