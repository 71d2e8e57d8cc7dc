"""The profile: what others see, how to be reached, and the way out."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from accounts import services
from accounts.forms import AvatarForm, LeaveForm, ProfileForm
from accounts.forms.refusals import show_refusal
from accounts.gateways.pictures import avatar_from
from accounts.models import User
from accounts.services.profile import ProfileChanges
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction


class AccountPage(LoginRequiredMixin, FormView):
    """A form of one's own account: carry it out, or show at the fields why not."""

    success_url = reverse_lazy("account_profile")
    done: Any = ""

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer = self.carry_out(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done)
        return answer

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError


class ProfileView(AccountPage):
    template_name = "accounts/profile.html"
    form_class = ProfileForm
    done = _("Your profile is saved.")

    def get_initial(self) -> dict[str, Any]:
        user = self.user
        phone = str(user.phone) if user.phone else ""
        return {"display_name": user.display_name, "phone": phone, "locale": user.locale}

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        user, by, at = self.user, actor_of(self.request), timezone.now()
        changes = cast(ProfileChanges, facts)
        services.count_new_names(user, changes, address=address_of(self.request), at=at)
        run_in_transaction(lambda: services.change_profile(user, changes=changes, by=by, at=at))
        answer = redirect(self.get_success_url())
        # The pages follow this cookie; mails follow the profile.
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, facts["locale"], samesite="Lax")
        return answer


class AvatarView(AccountPage):
    template_name = "accounts/avatar.html"
    form_class = AvatarForm
    done = _("Your picture is saved.")

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        jpeg = avatar_from(facts["avatar"].read(settings.UPLOAD_MAX_BYTES + 1))
        run_in_transaction(
            lambda: services.set_avatar(
                self.user, jpeg=jpeg, by=actor_of(self.request), at=timezone.now()
            )
        )
        return redirect(self.get_success_url())


class RemoveAvatarView(AccountPage):
    template_name = "accounts/remove_avatar.html"
    form_class = forms.Form
    done = _("Your picture is removed.")

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        run_in_transaction(
            lambda: services.remove_avatar(self.user, by=actor_of(self.request), at=timezone.now())
        )
        return redirect(self.get_success_url())


class SecurityView(LoginRequiredMixin, TemplateView):
    """How one signs in, and what becomes of one's data."""

    template_name = "accounts/security.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        user: Any = self.request.user
        address = EmailAddress.objects.filter(user=user, primary=True).first()
        state = {
            "email_confirmed": address is not None and address.verified,
            "second_factor": is_mfa_enabled(user),
            "has_password": user.has_usable_password(),
        }
        return super().get_context_data(**state, **names)


class LeaveView(AccountPage):
    template_name = "accounts/leave.html"
    form_class = LeaveForm
    done = _("Your account is erased.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"needs_password": self.user.has_usable_password()}

    def carry_out(self, facts: dict[str, Any]) -> HttpResponse:
        user, by, at = self.user, actor_of(self.request), timezone.now()
        if user.has_usable_password():
            services.confirm_password(
                user, password=facts["password"], address=address_of(self.request), at=at
            )
        run_in_transaction(lambda: services.erase_account(user, by=by, at=at))
        logout(self.request)
        return redirect("/")
