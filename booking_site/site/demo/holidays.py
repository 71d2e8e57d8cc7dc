"""Public holidays that fall on the same date every year; enough for a demo."""

from datetime import date

FIXED = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))


def next_public_holiday(today: date) -> tuple[date, str]:
    """The first of them after ``today``, and its name."""
    coming = [
        (date(year, month, day), name)
        for year in (today.year, today.year + 1)
        for month, day, name in FIXED
    ]
    return min(holiday for holiday in coming if holiday[0] > today)
