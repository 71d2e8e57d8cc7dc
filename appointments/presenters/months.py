"""Months of a calendar."""

from datetime import date, timedelta

from django.utils.formats import date_format

from appointments.presenters import times

DAY = timedelta(days=1)


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def month_after(first: date, number: int) -> date:
    """The first day of the month so many months on."""
    months = first.year * 12 + first.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def month_name(first: date) -> str:
    """``November 2025``."""
    return date_format(first, "YEAR_MONTH_FORMAT")


def weekdays() -> list[str]:
    """Above the columns, from Monday on."""
    monday = date(2024, 1, 1)
    return [times.short_weekday(monday + number * DAY) for number in range(7)]


def read_month(text: str, *, earliest: date, latest: date) -> date | None:
    """The first day of ``2025-12`` in an address; None for what is no month, and for one that lies
    before the month of ``earliest`` or after ``latest``."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if len(text) == 7 and month_of(earliest) <= month <= latest else None
