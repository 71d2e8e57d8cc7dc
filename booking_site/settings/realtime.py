"""Channel layer and cache: Redis when there is one, parts of this process when there is none."""

from .env import REDIS_URL, env

# Seconds between two looks of a process at its own sockets. Every fifth compares them with the
# database, and so bounds how late news can be whose hint was lost.
REALTIME_TICK_SECONDS = env.float("REALTIME_TICK_SECONDS", 1.0)

if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py's own time-out of five seconds kills idle consumers.
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 5000}]
            },
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A request waits no longer than this for a cache that hangs.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            # One channel serves all sockets of the process.
            "CONFIG": {"capacity": 10_000},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
