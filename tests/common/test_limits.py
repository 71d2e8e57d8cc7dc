"""Counted limits: how many attempts pass, also when they come at once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from booking_site.common.errors import TooMany
from booking_site.common.limits import Limit, count_attempt, ensure_within, give_back, use_up
from booking_site.common.models import AttemptCounter
from tests.races.together import codes, side_by_side

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

NOW = datetime(2026, 3, 2, 8, 10, tzinfo=UTC)
FIVE = Limit("door", most=5, per=timedelta(hours=1))
TWENTY = Limit("house", most=20, per=timedelta(days=1))
LAN, QIANG = [(FIVE, "lan"), (TWENTY, "all")], [(FIVE, "qiang"), (TWENTY, "all")]


def counts() -> dict[str, int]:
    return dict(AttemptCounter.objects.values_list("name", "count"))


def test_five_pass_and_the_sixth_is_told_when_to_come_back():
    for _ in range(5):
        use_up(LAN, at=NOW)

    with pytest.raises(TooMany) as refused:
        use_up(LAN, at=NOW)
    assert refused.value.retry_after == 50 * 60
    use_up(LAN, at=NOW + timedelta(minutes=50))


def test_who_is_refused_does_not_use_up_what_others_share():
    for _ in range(9):
        try:
            use_up(LAN, at=NOW)
        except TooMany:
            continue

    assert counts()["house/86400/all"] == 5
    use_up(QIANG, at=NOW)


def test_what_is_given_back_does_not_count():
    for _ in range(30):
        use_up(LAN, at=NOW)
        give_back(LAN, at=NOW)

    assert set(counts().values()) == {0}
    give_back(LAN, at=NOW)
    assert set(counts().values()) == {0}


def test_what_is_only_counted_passes_until_somebody_asks():
    for _ in range(7):
        count_attempt(LAN, at=NOW)

    with pytest.raises(TooMany):
        ensure_within(LAN, at=NOW)
    ensure_within(QIANG, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_forty_at_once_exactly_five_pass():
    outcomes = side_by_side(*(partial(use_up, LAN, at=NOW) for _ in range(40)))

    assert codes(outcomes) == ["done"] * 5 + ["rate_limited"] * 35
    assert counts() == {"door/3600/lan": 5, "house/86400/all": 5}
