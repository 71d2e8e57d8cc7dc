"""Who is connected, over all processes, by leases: nobody trusts a goodbye to be said.

A process renews its own lease every few seconds, and its list of sockets with it. What belongs to a
process whose lease has run out counts no more. Without Redis there is one process, and it knows.

Keys: ``rt:procs`` (process → end of its lease), ``rt:proc:<process>`` (socket → user),
``rt:stats:<process>``, ``rt:user:<user>`` (``process:socket`` → end).
"""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from .shared import Down, shared_redis

LEASE_SECONDS = 15.0
# A socket's own entry, renewed with every third renewal of the lease.
SOCKET_SECONDS = 60.0
MOST_SOCKETS = 10

PROCESSES = "rt:procs"


@dataclass
class Process:
    """What this process tells of itself. ``sockets``: user by socket."""

    name: str
    sockets: dict[str, int] = field(default_factory=dict)
    stats: dict[str, float] = field(default_factory=dict)


_own = Process("")
_lock = threading.Lock()


def enter(process: Process, socket: str, user_id: int) -> bool:
    """False when this user has as many sockets as one may. With Redis down nobody counts."""
    with _lock:
        if not settings.REDIS_URL:
            if sum(one == user_id for one in process.sockets.values()) >= MOST_SOCKETS:
                return False
            process.sockets[socket] = user_id
            return True
        process.sockets[socket] = user_id
    try:
        return _enter_shared(process, socket, user_id)
    except Down:
        return True


def _enter_shared(process: Process, socket: str, user_id: int) -> bool:
    now, redis = time.time(), shared_redis()
    key, member = f"rt:user:{user_id}", f"{process.name}:{socket}"
    with redis.pipeline(transaction=True) as pipeline:
        pipeline.zadd(key, {member: now + SOCKET_SECONDS})
        pipeline.expire(key, int(SOCKET_SECONDS) * 2)
        pipeline.hset(f"rt:proc:{process.name}", socket, str(user_id))
        pipeline.zadd(PROCESSES, {process.name: now + LEASE_SECONDS})
        pipeline.zrangebyscore(key, now, "+inf")
        pipeline.zrangebyscore(PROCESSES, now, "+inf")
        *_done, members, living = pipeline.execute()
    alive = {one.decode() for one in living}
    others = [one for one in members if one.decode().split(":")[0] in alive]
    if len(others) <= MOST_SOCKETS:
        return True
    leave(process, socket, user_id)
    return False


def leave(process: Process, socket: str, user_id: int) -> None:
    with _lock:
        process.sockets.pop(socket, None)
    if settings.REDIS_URL:
        try:
            with shared_redis().pipeline(transaction=False) as pipeline:
                pipeline.zrem(f"rt:user:{user_id}", f"{process.name}:{socket}")
                pipeline.hdel(f"rt:proc:{process.name}", socket)
                pipeline.execute()
        except Down:
            # Its entry runs out by itself.
            return


def renew(process: Process, *, with_sockets: bool) -> None:
    """The lease, what the process tells, and now and then every socket of it: also what a Redis
    that was emptied has forgotten."""
    global _own
    _own = process
    if not settings.REDIS_URL:
        return
    now = time.time()
    name = process.name
    with _lock:
        sockets = dict(process.sockets)
    with shared_redis().pipeline(transaction=False) as pipeline:
        pipeline.zadd(PROCESSES, {name: now + LEASE_SECONDS})
        pipeline.set(f"rt:stats:{name}", json.dumps(process.stats), ex=int(SOCKET_SECONDS))
        pipeline.expire(f"rt:proc:{name}", int(SOCKET_SECONDS) * 2)
        if with_sockets and sockets:
            pipeline.hset(f"rt:proc:{name}", mapping=sockets)
            pipeline.expire(f"rt:proc:{name}", int(SOCKET_SECONDS) * 2)
            for socket, user_id in sockets.items():
                pipeline.zadd(f"rt:user:{user_id}", {f"{name}:{socket}": now + SOCKET_SECONDS})
                pipeline.expire(f"rt:user:{user_id}", int(SOCKET_SECONDS) * 2)
        pipeline.execute()


def end(process: Process) -> None:
    """It goes in order, and says so."""
    if settings.REDIS_URL:
        try:
            with shared_redis().pipeline(transaction=False) as pipeline:
                pipeline.zrem(PROCESSES, process.name)
                pipeline.delete(f"rt:proc:{process.name}", f"rt:stats:{process.name}")
                pipeline.execute()
        except Down:
            return


def online() -> Counter[int]:
    """Sockets by user, of all living processes. Raises what Redis raises when it is down."""
    if not settings.REDIS_URL:
        with _lock:
            return Counter(_own.sockets.values())
    found: Counter[int] = Counter()
    redis = shared_redis()
    for name in _living():
        values: Any = redis.hvals(f"rt:proc:{name}")
        found.update(int(user_id) for user_id in values)
    return found


def stats() -> dict[str, dict[str, float]]:
    """What each living process tells of itself. Raises what Redis raises when it is down."""
    if not settings.REDIS_URL:
        return {_own.name: dict(_own.stats)} if _own.name else {}
    redis = shared_redis()
    found = {}
    for name in _living():
        told: Any = redis.get(f"rt:stats:{name}")
        found[name] = json.loads(told) if told else {}
    return found


def _living() -> list[str]:
    """And forget the dead: their sockets went with them."""
    redis, now = shared_redis(), time.time()
    names: Any = redis.zrangebyscore(PROCESSES, now, "+inf")
    dead: Any = redis.zrangebyscore(PROCESSES, "-inf", f"({now}")
    if dead:
        keys = [f"rt:{kind}:{name.decode()}" for name in dead for kind in ("proc", "stats")]
        redis.delete(*keys)
        redis.zremrangebyscore(PROCESSES, "-inf", f"({now}")
    return [name.decode() for name in names]
