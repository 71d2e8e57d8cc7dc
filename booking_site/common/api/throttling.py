"""How often one address or user may call, from the RATE_LIMIT_* settings; a key of a store, as
often as its plan says."""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class EveryCaller(SimpleRateThrottle):
    """Guests by address, signed-in callers by user; the demo counts writes only. What calls with a
    key (stores.models.ApiKey) is a user too, and brings a figure of its own."""

    def __init__(self) -> None:
        """The figures depend on the request; allow_request sets them."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        # Forms of pages are counted too, and bring no key.
        of_key = getattr(getattr(request, "auth", None), "most_requests", None)
        if of_key is not None:
            self.num_requests, self.duration = of_key, settings.RATE_LIMIT_WINDOW_MS / 1000
        elif settings.RATE_LIMIT_GENEROUS:
            if request.method in ("GET", "HEAD", "OPTIONS"):
                return True
            self.num_requests, self.duration = settings.RATE_LIMIT_DEMO_WRITES_PER_MINUTE, 60.0
        else:
            self.duration = settings.RATE_LIMIT_WINDOW_MS / 1000
            self.num_requests = (
                settings.RATE_LIMIT_SIGNED_IN_MAX_REQUESTS
                if request.user.is_authenticated
                else settings.RATE_LIMIT_MAX_REQUESTS
            )
        self.rate = f"{self.num_requests}/{self.duration}"
        try:
            return super().allow_request(request, view)
        except RedisError:
            # Counting is down, booking is not. What must stay strict counts in the database.
            log.warning("requests are not counted: the cache does not answer")
            return True

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        user = request.user
        caller = f"user:{user.pk}" if user.is_authenticated else f"ip:{self.get_ident(request)}"
        return f"throttle:{caller}"
