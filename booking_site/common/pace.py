"""How fast one user may ask: a bucket of tokens that fills by the second, over all their sockets
and all processes. Without Redis, or with Redis down, over those of this process."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings

from .shared_redis import Down, shared_redis


@dataclass(frozen=True)
class Pace:
    """``rate`` a second, and ``burst`` at once."""

    name: str
    rate: float
    burst: int


OPERATIONS = Pace("ops", rate=10, burst=20)
# In events that are told again: whoever asks for thousands of them again and again would keep a
# process busy with a few bytes.
MISSED = Pace("missed", rate=500, burst=20_000)

MOST_BUCKETS = 20_000
# KEYS bucket; ARGV rate, burst, now, cost. Returns milliseconds to wait, 0 when it passes.
SCRIPT = """
local found = redis.call('HMGET', KEYS[1], 'left', 'at')
local rate, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local cost = tonumber(ARGV[4])
local left, at = tonumber(found[1]) or burst, tonumber(found[2]) or now
left = math.min(burst, left + math.max(0, now - at) * rate)
local wait = 0
if left >= cost then left = left - cost else wait = math.ceil((cost - left) / rate * 1000) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(math.max(now, at)))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return wait
"""

_lock = threading.Lock()
_buckets: "OrderedDict[tuple[str, int], tuple[float, float]]" = OrderedDict()


def wait_for(pace: Pace, user_id: int, *, cost: int = 1) -> int:
    """Use so many up. 0 when they pass, else after how many milliseconds they would."""
    if settings.REDIS_URL:
        try:
            run = shared_redis().register_script(SCRIPT)
            key = f"rt:pace:{pace.name}:{user_id}"
            return int(run(keys=[key], args=[pace.rate, pace.burst, time.time(), cost]))
        except Down:
            # Nobody may be louder because Redis is down: counted here.
            pass
    return _wait_here(pace, user_id, cost)


def _wait_here(pace: Pace, user_id: int, cost: int) -> int:
    now, key = time.monotonic(), (pace.name, user_id)
    with _lock:
        left, at = _buckets.pop(key, (float(pace.burst), now))
        left = min(pace.burst, left + (now - at) * pace.rate)
        wait = 0 if left >= cost else int((cost - left) / pace.rate * 1000) + 1
        _buckets[key] = (left - cost if not wait else left, now)
        if len(_buckets) > MOST_BUCKETS:
            _buckets.popitem(last=False)
    return wait
