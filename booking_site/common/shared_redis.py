"""Redis, for what all processes must know of sockets at once."""

import threading

import redis
from django.conf import settings

# Nobody waits longer for it: without Redis sockets live by what the database says.
SECONDS = 1.0

_lock = threading.Lock()
_client: "redis.Redis | None" = None

Down = (redis.RedisError, OSError)


def shared_redis() -> "redis.Redis":
    """One client for the process and its threads; it connects again by itself. Only where there is
    a REDIS_URL. What it raises for one that is down are ``Down``."""
    global _client
    with _lock:
        if _client is None:
            _client = redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
            )
        return _client
