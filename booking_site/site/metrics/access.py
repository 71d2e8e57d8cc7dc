"""Who may read the figures: they name nobody, and still are no business of the public."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from rest_framework.request import Request

from booking_site.common.callers import address_of

# A proxy asks for somebody else, whatever its own address is.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def may_read(request: Request | HttpRequest) -> bool:
    """Nobody without ENABLE_METRICS; everybody in the demo; else whoever brings METRICS_TOKEN, and
    direct callers on loopback or a private network."""
    if not settings.ENABLE_METRICS:
        return False
    if settings.DEMO or _brings_the_token(request):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    return _is_near(address_of(request))


def _brings_the_token(request: Request | HttpRequest) -> bool:
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    return bool(expected) and scheme.lower() == "bearer" and constant_time_compare(token, expected)


def _is_near(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return ip.ipv4_mapped.is_private
    return ip.is_loopback or ip.is_private
