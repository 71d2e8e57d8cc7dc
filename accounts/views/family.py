"""Pets and children: who they are, so that whoever takes care of them need not ask again."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from accounts import selectors, services
from accounts.forms import ChildForm, PetForm
from accounts.models import Child, Pet
from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound
from booking_site.common.transactions import run_in_transaction

from .profile import AccountPage


@dataclass(frozen=True)
class Kind:
    """What is different between the two."""

    form: type[forms.Form]
    find: Any
    add: Any
    change: Any
    remove: Any


KINDS = {
    "pets": Kind(
        PetForm, selectors.pet_of, services.add_pet, services.change_pet, services.remove_pet
    ),
    "children": Kind(
        ChildForm,
        selectors.child_of,
        services.add_child,
        services.change_child,
        services.remove_child,
    ),
}


class FamilyView(LoginRequiredMixin, TemplateView):
    template_name = "accounts/family.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        user: Any = self.request.user
        known = {"pets": selectors.pets_of(user), "children": selectors.children_of(user)}
        return super().get_context_data(**known, **names)


class DependantPage(AccountPage):
    """One of one's own; whoever is not, is not there. ``kind`` is ``pets`` or ``children``."""

    success_url = reverse_lazy("account_family")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["kind"] not in KINDS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def kind(self) -> Kind:
        return KINDS[self.kwargs["kind"]]

    @cached_property
    def dependant(self) -> Pet | Child | None:
        text = self.kwargs.get("dependant_id")
        if text is None:
            return None
        try:
            found: Pet | Child = self.kind.find(self.user, text)
        except NotFound as refusal:
            raise Http404 from refusal
        return found

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        about = {"dependant": self.dependant, "kind": self.kwargs["kind"]}
        return super().get_context_data(**about, **names)


class DependantView(DependantPage):
    """A new one, or one to change."""

    template_name = "accounts/dependant.html"
    done = _("Saved.")

    def get_form_class(self) -> type[forms.Form]:
        return self.kind.form

    def get_initial(self) -> dict[str, Any]:
        names = self.kind.form.base_fields
        return {name: getattr(self.dependant, name) for name in names} if self.dependant else {}

    @property
    def back(self) -> str:
        """A page of this site that was left to write this down, and to which saving leads; or
        nothing."""
        wanted = self.request.GET.get("next", "")
        here, safe = {self.request.get_host()}, self.request.is_secure()
        return wanted if url_has_allowed_host_and_scheme(wanted, here, require_https=safe) else ""

    def get_success_url(self) -> str:
        return self.back or super().get_success_url()

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.back, **names)

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        by, at, known = actor_of(self.request), timezone.now(), self.dependant
        if known is None:
            run_in_transaction(lambda: self.kind.add(facts=facts, by=by, at=at))
        else:
            run_in_transaction(lambda: self.kind.change(known, facts=facts, by=by, at=at))
        return redirect(self.get_success_url())


class RemoveDependantView(DependantPage):
    template_name = "accounts/remove_dependant.html"
    form_class = forms.Form
    done = _("Removed.")

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        by, at, known = actor_of(self.request), timezone.now(), self.dependant
        run_in_transaction(lambda: self.kind.remove(known, by=by, at=at))
        return redirect(self.get_success_url())
