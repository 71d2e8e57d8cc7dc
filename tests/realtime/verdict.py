"""What clients got, against the rows of the database: for each number once, in order, unchanged."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from notifications.frames import durable
from notifications.models import UserEvent

from .chaos import Outcome, Round, holes
from .crowd import digest

STALE_SECONDS = 5.0
HEADS = [
    "round",
    "kills of servers / of Redis / its sleeps / cuts of the database",
    "events",
    "deliveries",
    "lost",
    "dup",
    "misordered",
    "altered",
    "wire faults",
    "holes",
    "ignored as known",
    "reconnects",
    "p50 / p99 / max, connected",
    "over 5 s",
    "max, with absence",
    "settled after",
    "repairs",
]


@dataclass
class Verdict:
    """``live``: seconds from the fact to a socket that was there all the time; ``late``: to one
    that first had to come back."""

    events: int = 0
    deliveries: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    misordered: int = 0
    altered: int = 0
    odd: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    ignored: int = 0
    reconnects: int = 0
    live: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        counts = {
            "doubled": self.doubled,
            "misordered": self.misordered,
            "altered": self.altered,
        }
        return [
            *self.lost,
            *(f"{count} {what}" for what, count in counts.items() if count),
            *self.odd,
            *self.holes,
        ]


Rows = dict[int, dict[int, tuple[str, float]]]


def judge(outcome: Outcome, essence: Callable[[dict[str, Any]], str] = digest) -> Verdict:
    """``essence``: what of a frame the clients have kept."""
    rows: Rows = {}
    for one in UserEvent.objects.filter(user_id__in=outcome.positions).iterator():
        frame = json.loads(durable(one.event, one.u, one.payload))
        rows.setdefault(one.user_id, {})[one.u] = (essence(frame), _seconds(one.created_at))
    verdict = Verdict(events=sum(map(len, rows.values())), holes=holes())
    for client in outcome.told["clients"]:
        position = outcome.positions.get(client["user"], 0)
        _judge_one(verdict, client, rows.get(client["user"], {}), position)
    return verdict


def _judge_one(
    verdict: Verdict, client: dict[str, Any], rows: dict[int, tuple[str, float]], position: int
) -> None:
    name = f"{client['user']}{' (churning)' if client['churns'] else ''}"
    numbers = [u for u, *_rest in client["got"]]
    missing = set(range(client["first"] + 1, position + 1)) - set(numbers)
    if missing:
        examples = sorted(missing)[:5]
        verdict.lost += [f"{name} lacks {u}" for u in examples]
        verdict.lost += [""] * (len(missing) - len(examples))
    verdict.doubled += len(numbers) - len(set(numbers))
    verdict.misordered += sum(b < a for a, b in pairwise(numbers))
    verdict.odd += [f"{name}: {odd}" for odd in client["odd"]]
    verdict.ignored += client["doubled"]
    verdict.reconnects += client["connects"] - 1
    for u, received, welcomed, content in client["got"]:
        expected, written = rows.get(u, ("", 0.0))
        verdict.deliveries += 1
        verdict.altered += content != expected
        (verdict.live if 0 < welcomed < written else verdict.late).append(received - written)


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def row(round: Round, outcome: Outcome, verdict: Verdict) -> list[str]:
    kills, live = outcome.kills, sorted(verdict.live) or [0.0]
    share = len(verdict.lost) / max(1, len(verdict.lost) + verdict.deliveries)
    return [
        round.name,
        f"{kills['servers']} / {kills['redis']} / {kills['sleeps']} / {kills['cuts']}",
        str(verdict.events),
        str(verdict.deliveries),
        f"{len(verdict.lost)} ({share:.0%})" if verdict.lost else "0",
        str(verdict.doubled),
        str(verdict.misordered),
        str(verdict.altered),
        str(len(verdict.odd)),
        str(len(verdict.holes)),
        str(verdict.ignored),
        str(verdict.reconnects),
        f"{_at(live, 0.5) * 1000:.0f} ms / {_at(live, 0.99):.2f} s / {live[-1]:.2f} s",
        str(sum(one > STALE_SECONDS for one in live)),
        f"{max(verdict.late, default=0.0):.1f} s",
        f"{outcome.told['settled']:.1f} s",
        ", ".join(f"{count} {cause}" for cause, count in outcome.repairs.most_common()),
    ]


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def table(rows: list[list[str]]) -> str:
    lines = [HEADS, ["---"] * len(HEADS), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
