"""By which way one wants to hear of what."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.views.profile import AccountPage
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from notifications import services
from notifications.forms import WAYS, PreferencesForm
from notifications.selectors.wishes import matrix_of


class PreferencesView(AccountPage):
    template_name = "notifications/preferences.html"
    form_class = PreferencesForm
    success_url = reverse_lazy("notifications:preferences")
    done = _("Your choice is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"matrix": matrix_of(self.user)}

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        return super().get_context_data(ways=WAYS.values(), **names)

    def form_valid(self, form: Any) -> HttpResponse:
        self.form = form
        return super().form_valid(form)

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        changes, by = self.form.changes(), actor_of(self.request)
        run_in_transaction(lambda: services.set_preferences(self.user, changes=changes, by=by))
        return redirect(self.get_success_url())
