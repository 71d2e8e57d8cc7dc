"""What one has paid."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from appointments.views.guards import private
from payments.models import Payment
from payments.presenters.mine import row
from payments.selectors import payments_of

PER_PAGE = 20


@require_safe
@private
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """One's own payments, the newest first. Queries: constant."""
    assert isinstance(request.user, User)
    at = timezone.now()
    rows = payments_of(request.user).prefetch_related("shares__refunds")
    page: Page[Payment] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"payments": [row(one, at) for one in page.object_list], "page": page}
    return render(request, "payments/mine.html", context)
