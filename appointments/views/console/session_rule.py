"""A recurring session: what it has made, what it could not make, and its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.presenters.own_sessions import concerning, row
from appointments.presenters.session_rules import rule_row, skipped_row
from appointments.selectors.own_sessions import coming_of_rule, concerned, own_rule
from appointments.session_forms import EndRuleForm
from appointments.views.console.access import form_page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Forbidden, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from realtors.services import heartbeat

PAGE = "appointments:console:session_rule"
MOST_SKIPPED = 30


@form_page
def session_rule(request: HttpRequest, realtor: Realtor, rule_id: int) -> HttpResponse:
    """Sent, the rule ends; whom it concerns stands beside the button."""
    at = timezone.now()
    rule = own_rule(realtor, rule_id)
    coming = coming_of_rule(rule, realtor, at)
    about = concerned([one.session.pk for one in coming])
    sent = request.POST if request.method == "POST" else None
    form = EndRuleForm(sent, concerns=about.people > 0)
    if form.is_bound and form.is_valid():
        by, told = actor_of(request), form.cleaned_data

        def work() -> None:
            services.end_rule(rule, by=by, at=at, call_off=told["call_off"], reason=told["reason"])
            heartbeat(realtor, by=by, at=at)

        try:
            run_in_transaction(work)
        except (Conflict, Forbidden, Invalid) as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Ended. It makes no more sessions."))
        return redirect(PAGE, rule_id)
    today = at.astimezone(realtor.store.zone).date()
    skipped = rule.skipped.order_by("-date")[:MOST_SKIPPED]
    context = {
        "rule": rule_row(rule, today),
        "coming": [row(one, at) for one in coming],
        "skipped": [skipped_row(one, rule, today) for one in skipped],
        "concerning": concerning(about, rule.listing.currency),
        "form": form,
        "can_end": rule.is_active or bool(coming),
        "realtor": realtor,
        "store": realtor.store,
    }
    return render(request, "console/session_rule.html", context)
