"""Zones, days on which their clocks change, and strategies for local times.

Sao Paulo gave summer time up in 2019, and used to jump over midnight; Lord Howe moves by half an
hour; Shanghai stands still.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from booking_site.common.periods import Period

NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = (NEW_YORK, LONDON, SAO_PAULO, LORD_HOWE, SHANGHAI)

# (zone, local date, hours of that day)
ODD_DAYS = (
    (NEW_YORK, date(2026, 3, 8), 23.0),
    (NEW_YORK, date(2026, 11, 1), 25.0),
    (LONDON, date(2026, 3, 29), 23.0),
    (LONDON, date(2026, 10, 25), 25.0),
    (SAO_PAULO, date(2018, 11, 4), 23.0),
    (SAO_PAULO, date(2018, 2, 17), 25.0),
    (LORD_HOWE, date(2026, 10, 4), 23.5),
    (LORD_HOWE, date(2026, 4, 5), 24.5),
)
PLAIN_DAYS = ((SHANGHAI, date(2026, 3, 8), 24.0), (NEW_YORK, date(2026, 3, 9), 24.0))
DAYS = ODD_DAYS + PLAIN_DAYS

zones = st.sampled_from(ZONES)
# Near a change of the clock half of the time: at random one would hardly ever be met.
zones_and_dates = st.one_of(
    st.tuples(zones, st.dates(date(2007, 1, 1), date(2037, 12, 31))),
    st.builds(
        lambda odd, days: (odd[0], odd[1] + timedelta(days=days)),
        st.sampled_from(ODD_DAYS),
        st.integers(-2, 2),
    ),
)
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
five_minute_clocks = st.builds(time, st.integers(0, 23), st.sampled_from(range(0, 60, 5)))

ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)


def minutes(start: int, end: int) -> Period:
    """A period in minutes after a fixed Monday."""
    return Period(ORIGIN + timedelta(minutes=start), ORIGIN + timedelta(minutes=end))


short_periods = st.builds(
    lambda start, length: minutes(start, start + length), st.integers(0, 200), st.integers(1, 60)
)
short_lists = st.lists(short_periods, max_size=8)


def minutes_of(periods: list[Period]) -> set[int]:
    """The same time as a set of minutes: the slow and obvious twin of merge and subtract."""
    found: set[int] = set()
    for period in periods:
        first = round((period.start - ORIGIN).total_seconds() / 60)
        last = round((period.end - ORIGIN).total_seconds() / 60)
        found.update(range(first, last))
    return found


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at this instant."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def every_minute(day: date) -> list[datetime]:
    """All minutes of UTC in which it may be ``day`` anywhere, without any arithmetic of zones."""
    start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=16)
    return [start + timedelta(minutes=n) for n in range(56 * 60)]
