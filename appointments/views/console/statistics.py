"""Figures of one's own."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.presenters.own_statistics import shown
from appointments.selectors.own_statistics import own_statistics
from appointments.selectors.statistics import Span
from appointments.views.console.access import page
from realtors.models import Realtor

WEEK, MONTH, QUARTER = "week", "month", "90-days"


@page
def statistics(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    at = timezone.now()
    today = at.astimezone(realtor.store.zone).date()
    chosen = request.GET.get("period", "")
    chosen = chosen if chosen in (WEEK, MONTH, QUARTER) else MONTH
    span = _span(realtor, chosen, today)
    choices = {
        WEEK: _("This week"),
        MONTH: _("30 days"),
        QUARTER: _("90 days"),
    }
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "periods": [
            {"value": value, "label": label, "chosen": value == chosen}
            for value, label in choices.items()
        ],
        **shown(own_statistics(realtor, span, at=at), today),
    }
    return render(request, "console/statistics.html", context)


def _span(realtor: Realtor, chosen: str, today: date) -> Span:
    """A week to its Sunday, with what is still to come; the others up to today."""
    if chosen == WEEK:
        monday = today - timedelta(days=today.weekday())
        return Span(realtor.store, monday, monday + timedelta(days=6))
    days = 30 if chosen == MONTH else 90
    return Span(realtor.store, today - timedelta(days=days - 1), today)
