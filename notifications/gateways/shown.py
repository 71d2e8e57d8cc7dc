"""Who is shown as being there, over all processes. Sockets come and go with every page that is
opened; people do not. Whoever comes is shown at once, and whoever has had no socket for a while is
shown no more.

``rt:shown``: user → since when they have no socket, or 0. What is read of it may be old: each
change belongs to the one process whose write made it, so that it is told once. ``rt:shown:left``:
when each has closed a socket, for those that came and went between two looks. ``rt:shown:turn``:
somebody has looked in this tick. ``rt:shown:fresh``: somebody looks at all.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from booking_site.common.shared_redis import Down, shared_redis
from notifications.gateways import presence

# In ticks of REALTIME_TICK_SECONDS: who comes back within it was never gone.
GRACE_TICKS = 10

SHOWN, LEFT, TURN, FRESH = "rt:shown", "rt:shown:left", "rt:shown:turn", "rt:shown:fresh"


@dataclass(frozen=True)
class Change:
    """``there``: all who have sockets; ``gone``: since when, in seconds of the clock."""

    there: set[int] = field(default_factory=set)
    came: set[int] = field(default_factory=set)
    gone: dict[int, float] = field(default_factory=dict)


@dataclass
class _Memory:
    """What this process knows: all there is without Redis; with it, for a Redis that was started
    anew and has forgotten everything."""

    shown: dict[int, float] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    looked_at: float = 0.0


_memory = _Memory()
_lock = threading.Lock()


def grace_seconds() -> float:
    return GRACE_TICKS * settings.REALTIME_TICK_SECONDS


def note_left(user_id: int) -> None:
    """A socket of theirs was closed now. Never raises: then they are gone a little sooner."""
    now = time.time()
    if not settings.REDIS_URL:
        with _lock:
            _memory.left[user_id] = now
        return
    try:
        shared_redis().zadd(LEFT, {str(user_id): now})
    except Down:
        return


def compare() -> Change:
    """What is to be told now. Of many processes one does it in each tick. Raises what Redis raises
    when it is down."""
    now, grace = time.time(), grace_seconds()
    if not settings.REDIS_URL:
        with _lock:
            return _compare_here(now, grace)
    if not shared_redis().set(TURN, 1, nx=True, px=_milliseconds(0.8)):
        return Change()
    there = set(presence.online())
    shown, left = _read(now, grace)
    since = _since(shown, left)
    over = _over(there, since, now, grace)
    came, ours = _claimed(there, shown, over, now)
    kept = {pk: one or now for pk, one in since.items() if pk not in there and pk not in over}
    _memory.shown = dict.fromkeys(there, 0.0) | kept
    return Change(there, came, {pk: since[pk] for pk in ours})


def _milliseconds(ticks: float) -> int:
    return max(1, int(ticks * settings.REALTIME_TICK_SECONDS * 1000))


def _read(now: float, grace: float) -> tuple[dict[int, float], dict[int, float]]:
    with shared_redis().pipeline(transaction=False) as pipeline:
        pipeline.set(FRESH, 1, px=_milliseconds(GRACE_TICKS))
        pipeline.hgetall(SHOWN)
        pipeline.zremrangebyscore(LEFT, "-inf", now - 2 * grace)
        pipeline.zrange(LEFT, 0, -1, withscores=True)
        *_done, told, _removed, left = pipeline.execute()
    shown = {int(user_id): float(since) for user_id, since in told.items()}
    if not shown and _memory.shown:
        shown = dict(_memory.shown)
        mapping: Any = {str(pk): since for pk, since in shown.items()}
        shared_redis().hset(SHOWN, mapping=mapping)
    return shown, {int(user_id): at for user_id, at in left}


def _since(shown: dict[int, float], left: dict[int, float]) -> dict[int, float]:
    """Since when each has no socket; what was closed last counts."""
    return {pk: max(since, left.get(pk, 0.0)) if since else 0.0 for pk, since in shown.items()}


def _over(there: set[int], since: dict[int, float], now: float, grace: float) -> list[int]:
    return sorted(pk for pk, one in since.items() if pk not in there and one and now - one >= grace)


def _claimed(
    there: set[int], shown: dict[int, float], over: list[int], now: float
) -> tuple[set[int], list[int]]:
    """Write what has changed; who has come and who is gone, of those that nobody else has told."""
    new = sorted(there - shown.keys())
    with shared_redis().pipeline(transaction=False) as pipeline:
        for pk in new:
            pipeline.hsetnx(SHOWN, str(pk), "0")
        for pk in over:
            pipeline.hdel(SHOWN, str(pk))
        for pk, since in shown.items():
            if (pk in there) == bool(since) and pk not in over:
                pipeline.hset(SHOWN, str(pk), "0" if since else str(now))
        answers = pipeline.execute()
    came = {pk for pk, is_ours in zip(new, answers, strict=False) if is_ours}
    gone = [pk for pk, is_ours in zip(over, answers[len(new) :], strict=False) if is_ours]
    return came, gone


def _compare_here(now: float, grace: float) -> Change:
    shown, there = _memory.shown, set(presence.online())
    came, since = there - shown.keys(), _since(shown, _memory.left)
    gone = {pk: since[pk] for pk in _over(there, since, now, grace)}
    _memory.left = {pk: at for pk, at in _memory.left.items() if now - at < 2 * grace}
    _memory.shown = dict.fromkeys(there, 0.0) | {
        pk: one or now for pk, one in since.items() if pk not in there and pk not in gone
    }
    _memory.looked_at = now
    return Change(there, came, gone)


def still_shown(user_ids: list[int]) -> set[int]:
    """Those of them who are shown, if somebody looks. Raises what Redis raises when it is down."""
    if not settings.REDIS_URL:
        with _lock:
            is_fresh = time.time() - _memory.looked_at <= grace_seconds()
            return set(user_ids) & _memory.shown.keys() if is_fresh else set()
    if not user_ids:
        return set()
    with shared_redis().pipeline(transaction=False) as pipeline:
        pipeline.exists(FRESH)
        pipeline.hmget(SHOWN, [str(pk) for pk in user_ids])
        is_fresh, since = pipeline.execute()
    if not is_fresh:
        return set()
    return {pk for pk, one in zip(user_ids, since, strict=True) if one is not None}
