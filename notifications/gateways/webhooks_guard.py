"""Webhooks go to the public internet and nowhere else: whoever may name an address must not reach
what stands behind our own wall with it.

A name is looked up once, every address it has is judged, and the connection is made to one of those
that were (gateways.webhooks): a name that leads elsewhere a moment later leads nowhere.
A firewall that lets nothing inside is the second layer, not this one's substitute.
"""

import ipaddress
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Invalid

LONGEST_URL = 500
LOOK_UP_SECONDS = 5.0
DEFAULT_PORTS = {"https": 443, "http": 80}
HOST_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.:")

# ``is_global`` of Python 3.11 says yes to all of these, or to parts of them. Those that carry an
# IPv4 address lead to it where a translator stands; the rest is nobody's receiver.
NOT_OUTSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",  # NAT64 of one's own
            "2002::/16",  # 6to4
            "2001::/32",  # Teredo
            "::/96",  # IPv4-compatible, given up
            "3fff::/20",  # for documents
            "192.88.99.0/24",  # relays of 6to4, given up
            "192.0.0.0/24",  # of protocols, and what some clouds tell their own machines (.192)
            "192.31.196.0/24",  # AS112: whoever is nearest answers for networks inside
            "192.175.48.0/24",
            "2620:4f:8000::/48",
            "192.52.193.0/24",  # AMT, relays of multicast
            "168.63.129.16/32",  # what a cloud tells its own machines
        ),
    )
)
# All of IPv6 that has been given to anybody to be reached at.
UNICAST = ipaddress.IPv6Network("2000::/3")


class AddressRefused(Invalid):
    """One sentence for all reasons: what our resolver knows is nobody's business."""

    code = "invalid"
    message = _(
        "Webhooks go to https addresses on the public internet only; this one cannot be used."
    )

    def __init__(self) -> None:
        super().__init__(errors={"url": [str(AddressRefused.message)]})


@dataclass(frozen=True)
class Place:
    """An address that was looked up and found to be outside. Made by ``look_up`` alone; who asks
    for one of these cannot forget to."""

    url: str
    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]


def look_up(url: str) -> Place:
    """Takes up to LOOK_UP_SECONDS: not inside a transaction. Raises AddressRefused."""
    parts, host, port = _taken_apart(url)
    addresses = _resolved(host, port)
    if not addresses:
        raise AddressRefused
    if not settings.WEBHOOK_ALLOW_INSIDE and not all(map(is_outside, addresses)):
        raise AddressRefused
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(url, parts.scheme, host, port, target, tuple(addresses))


def is_outside(address: str) -> bool:
    ip: IPv4Address | IPv6Address = ipaddress.ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if isinstance(ip, IPv6Address) and ip not in UNICAST:
        return False
    # Networks know addresses of their own version only; of others they say no.
    return ip.is_global and not ip.is_multicast and not any(ip in one for one in NOT_OUTSIDE)


def _taken_apart(url: str) -> tuple[SplitResult, str, int]:
    # urlsplit would drop tabs and line breaks without a word, and others read \ as /.
    odd = any(sign <= " " or sign in "\\\x7f" for sign in url)
    if odd or len(url) > LONGEST_URL:
        raise AddressRefused
    try:
        parts = urlsplit(url)
        host = _host(parts)
        port = parts.port if parts.port is not None else DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefused from error
    if not _is_allowed(parts, port) or not (parts.path + parts.query).isascii():
        raise AddressRefused
    return parts, host, port


def _host(parts: SplitResult) -> str:
    """As it stands in certificates and in DNS. Raises ValueError (UnicodeError is one)."""
    host = (parts.hostname or "").encode("idna").decode().removesuffix(".").lower()
    if not host or not HOST_SIGNS.issuperset(host):
        raise ValueError(host)
    return host


def _is_allowed(parts: SplitResult, port: int) -> bool:
    if "@" in parts.netloc or parts.scheme not in DEFAULT_PORTS:
        return False
    if settings.WEBHOOK_ALLOW_INSIDE:
        return port > 0
    return parts.scheme == "https" and port in settings.WEBHOOK_ALLOWED_PORTS


def _resolved(host: str, port: int) -> list[str]:
    """All its addresses, or none. The resolver knows no time limit, so it is asked in a thread
    that is left behind when it takes too long."""
    found: list[str] = []

    def ask() -> None:
        try:
            rows: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    return [] if asking.is_alive() else found
