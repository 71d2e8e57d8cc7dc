"""Who is connected, over all processes, by leases: nobody trusts a goodbye to be said.

A process renews its lease every second. What belongs to one whose lease has run out counts no more.
Without Redis there is one process, and it knows.

Keys: ``rt:procs`` (process → end of its lease), ``rt:proc:<process>`` (socket → user),
``rt:stats:<process>``, ``rt:user:<user>`` (the user's ``process:socket``).
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from booking_site.common.shared_redis import Down, shared_redis

LEASE_SECONDS = 15.0
# A process that is alive has renewed its lease in so many ticks of REALTIME_TICK_SECONDS.
DOUBT_TICKS = 2.5
# What nobody has removed, whatever happened, goes after a day.
LONGEST_SECONDS = 24 * 3600
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


def enter(
    process: Process, socket: str, user_id: int, *, alive_since: float | None = None
) -> bool | None:
    """Whether this user may have one more socket. None when nobody can say: others may belong to a
    process that was killed a moment ago. Asked again a little later with the time of the first
    asking as ``alive_since``, only those count whose process has renewed its lease since then.
    With Redis down nobody counts."""
    with _lock:
        own = sum(one == user_id for one in process.sockets.values())
        if own >= MOST_SOCKETS:
            return False
        process.sockets[socket] = user_id
    if not settings.REDIS_URL:
        return True
    try:
        others = _others(process, socket, user_id, alive_since)
    except Down:
        return True
    if own + others < MOST_SOCKETS:
        return True
    leave(process, socket, user_id)
    return None if alive_since is None else False


def _others(process: Process, socket: str, user_id: int, alive_since: float | None) -> int:
    """Write this one down, and count those of other processes that are, or may be, alive."""
    now, key = time.time(), f"rt:user:{user_id}"
    with shared_redis().pipeline(transaction=True) as pipeline:
        pipeline.sadd(key, f"{process.name}:{socket}")
        pipeline.expire(key, LONGEST_SECONDS)
        pipeline.hset(f"rt:proc:{process.name}", socket, str(user_id))
        pipeline.zadd(PROCESSES, {process.name: now + LEASE_SECONDS})
        pipeline.smembers(key)
        pipeline.zrangebyscore(PROCESSES, now, "+inf", withscores=True)
        *_done, members, leases = pipeline.execute()
    until = {name.decode(): end for name, end in leases}
    theirs = [one.decode() for one in members if not one.startswith(process.name.encode())]
    dead = [one for one in theirs if _process_of(one) not in until]
    if dead:
        shared_redis().srem(key, *dead)
    fresh = now if alive_since is None else alive_since + LEASE_SECONDS
    return sum(until.get(_process_of(one), 0) >= fresh for one in theirs)


def _process_of(member: str) -> str:
    return member.partition(":")[0]


def leave(process: Process, socket: str, user_id: int) -> None:
    with _lock:
        process.sockets.pop(socket, None)
    if settings.REDIS_URL:
        try:
            with shared_redis().pipeline(transaction=False) as pipeline:
                pipeline.srem(f"rt:user:{user_id}", f"{process.name}:{socket}")
                pipeline.hdel(f"rt:proc:{process.name}", socket)
                pipeline.execute()
        except Down:
            # Its entry runs out by itself.
            return


def renew(process: Process) -> None:
    """The lease and what the process tells; and every socket of it, should Redis have forgotten."""
    global _own
    _own = process
    if not settings.REDIS_URL:
        return
    name = process.name
    with _lock:
        sockets = dict(process.sockets)
    with shared_redis().pipeline(transaction=False) as pipeline:
        pipeline.zadd(PROCESSES, {name: time.time() + LEASE_SECONDS})
        pipeline.set(f"rt:stats:{name}", json.dumps(process.stats), ex=LONGEST_SECONDS)
        pipeline.expire(f"rt:proc:{name}", LONGEST_SECONDS)
        pipeline.hlen(f"rt:proc:{name}")
        *_done, known = pipeline.execute()
    if known < len(sockets):
        _write_again(name, sockets.items())


def _write_again(name: str, sockets: "Iterable[tuple[str, int]]") -> None:
    with shared_redis().pipeline(transaction=False) as pipeline:
        for socket, user_id in sockets:
            pipeline.hset(f"rt:proc:{name}", socket, str(user_id))
            pipeline.sadd(f"rt:user:{user_id}", f"{name}:{socket}")
            pipeline.expire(f"rt:user:{user_id}", LONGEST_SECONDS)
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


def online_among(user_ids: Iterable[int]) -> set[int]:
    """Those of them who have a socket open somewhere. Raises what Redis raises when it is down."""
    ids = list(user_ids)
    if not settings.REDIS_URL:
        with _lock:
            return set(ids) & set(_own.sockets.values())
    with shared_redis().pipeline(transaction=False) as pipeline:
        pipeline.zrangebyscore(PROCESSES, time.time(), "+inf")
        for user_id in ids:
            pipeline.smembers(f"rt:user:{user_id}")
        living, *theirs = pipeline.execute()
    alive = {name.decode() for name in living}
    return {
        user_id
        for user_id, members in zip(ids, theirs, strict=True)
        if any(_process_of(one.decode()) in alive for one in members)
    }


def stats() -> dict[str, dict[str, float]]:
    """What each living process tells of itself. Raises what Redis raises when it is down."""
    if not settings.REDIS_URL:
        with _lock:
            users = list(_own.sockets.values())
        now = {"sockets": len(users), "users": len(set(users))}
        return {_own.name: _own.stats | now} if _own.name else {}
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
