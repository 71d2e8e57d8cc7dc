"""What it costs to send this realtor, in minutes; lower wins. No database.

The weights come from simulated days of a store (docs/how-to/change-allocation.md). Each component
is kept with the offer, so that "why this realtor" can be answered long after.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

ANSWER_WEIGHT = 2.0
LOAD_WEIGHT = 25.0
RATING_WEIGHT = 3.0
RATING_CAP = 3.0
RELATION_PER_VISIT = 5.0
RELATION_CAP = 10.0
# A realtor's record counts as much as this many imagined answers and reviews of an average one.
PRIOR_ANSWERS = 10
PRIOR_REVIEWS = 10
ORDINARY_RATING = 4.0
# How long an answer takes when somebody is there, and what it takes to ask the next one.
ORDINARY_ANSWER_MINUTES = 1.0
ASKING_AGAIN_MINUTES = 1.5
# How likely somebody answers, by the minutes since they were last seen; for a start that is not
# now, presence says little.
CHANCE_BY_SILENCE = ((1.5, 0.95), (5.0, 0.85), (12.0, 0.70), (math.inf, 0.50))
CHANCE_FOR_LATER = 0.90
# Travel in a city: two minutes a kilometre along the blocks, and two to get going.
MINUTES_PER_KILOMETRE = 2.0
SETTING_OUT_MINUTES = 2.0
KILOMETRES_PER_DEGREE = 111.195

Place = tuple[float, float]


@dataclass(frozen=True)
class Facts:
    """What the score knows of one realtor who could take the job."""

    accepted: int = 0
    not_accepted: int = 0
    answer_minutes: float | None = None
    silent_minutes: float | None = None
    utilisation: float = 0.0
    rating: float = 0.0
    review_count: int = 0
    visits: int = 0
    travel_minutes: float = 0.0


def minutes_of(
    facts: Facts, colleagues: Sequence[Facts], *, accept_minutes: float
) -> dict[str, float]:
    """The components and their sum (``minutes``), each rounded to a tenth. ``colleagues`` are all
    who could take the job, this realtor among them: load and rating are relative to them."""
    parts = {
        "travel": facts.travel_minutes,
        "answer": ANSWER_WEIGHT * _until_accepted(facts, accept_minutes),
        "load": LOAD_WEIGHT * (facts.utilisation - _mean(one.utilisation for one in colleagues)),
        "rating": -_rating_bonus(facts, colleagues),
        "relation": -min(RELATION_CAP, RELATION_PER_VISIT * facts.visits),
    }
    parts = {name: round(value, 1) + 0.0 for name, value in parts.items()}
    return {"minutes": round(sum(parts.values()), 1) + 0.0, **parts}


def chance_of_accepting(facts: Facts) -> float:
    """Beta posterior: what one would expect of anybody seen that long ago, and their own record."""
    if facts.silent_minutes is None:
        expected = CHANCE_FOR_LATER
    else:
        silence = facts.silent_minutes
        expected = next(chance for most, chance in CHANCE_BY_SILENCE if silence <= most)
    answers = facts.accepted + facts.not_accepted
    return (expected * PRIOR_ANSWERS + facts.accepted) / (PRIOR_ANSWERS + answers)


def travel_minutes(start: Place | None, end: Place | None) -> float:
    """Between two (latitude, longitude) along the blocks; 0 on the spot or where one is unknown."""
    if start is None or end is None or start == end:
        return 0.0
    north = abs(start[0] - end[0]) * KILOMETRES_PER_DEGREE
    turn = abs(start[1] - end[1])
    east = min(turn, 360 - turn) * KILOMETRES_PER_DEGREE * math.cos(math.radians(start[0]))
    return SETTING_OUT_MINUTES + MINUTES_PER_KILOMETRE * (north + abs(east))


def turn(
    key: str, realtor_id: int, *, finished_at: datetime | None, assigned_at: datetime | None
) -> tuple[float, float, bytes]:
    """Among equals: idle for longer, then asked longer ago, then a draw that anybody can repeat.
    Ids alone would always favour the eldest."""
    digest = hashlib.blake2b(f"{key}/{realtor_id}".encode(), digest_size=8).digest()
    return (_since(finished_at), _since(assigned_at), digest)


def _since(instant: datetime | None) -> float:
    return instant.timestamp() if instant else -math.inf


def _until_accepted(facts: Facts, accept_minutes: float) -> float:
    chance = chance_of_accepting(facts)
    answer = ORDINARY_ANSWER_MINUTES if facts.answer_minutes is None else facts.answer_minutes
    answer = min(answer, accept_minutes)
    return chance * answer + (1 - chance) * (accept_minutes + ASKING_AGAIN_MINUTES)


def _rating_bonus(facts: Facts, colleagues: Sequence[Facts]) -> float:
    rated = [one.rating for one in colleagues if one.review_count]
    usual = _mean(rated) if rated else ORDINARY_RATING
    shrunk = [_shrunk(one, usual) for one in colleagues]
    bonus = RATING_WEIGHT * (_shrunk(facts, usual) - _mean(shrunk))
    return max(-RATING_CAP, min(RATING_CAP, bonus))


def _shrunk(facts: Facts, usual: float) -> float:
    weight = PRIOR_REVIEWS + facts.review_count
    return (usual * PRIOR_REVIEWS + facts.rating * facts.review_count) / weight


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
