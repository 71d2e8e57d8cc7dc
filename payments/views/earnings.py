"""What a provider has earned."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.views.console.access import page
from payments.presenters.earnings import MONTHS, shown
from payments.selectors import Span, paid_shares
from realtors.models import Realtor


@page
def earnings(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The last twelve months, the running one included."""
    today = timezone.now().astimezone(realtor.store.zone).date()
    rows = paid_shares([realtor.store], Span(_first(today), today))
    shares = list(rows.filter(appointment__realtor=realtor).order_by("-payment__paid_at", "-pk"))
    context = {"realtor": realtor, "store": realtor.store, **shown(shares)}
    return render(request, "console/earnings.html", context)


def _first(today: date) -> date:
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)
