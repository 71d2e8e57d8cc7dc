"""allauth's views with our forms."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.forms import AddEmailForm, LoginForm, SignupForm
from accounts.forms.refusals import show_refusal
from accounts.models import User
from accounts.services.ownership import locked_self
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import Forbidden, Refusal, TooMany


class LoginView(allauth.LoginView):
    form_class = LoginForm


class SignupView(allauth.SignupView):
    form_class = SignupForm

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            form.register(address=address_of(self.request))
        except TooMany as refusal:
            return self._later(form, refusal)
        except Refusal as refusal:
            show_refusal(form, refusal, names={"password": "password1"})
            return self.form_invalid(form)
        return super().form_valid(form)

    def _later(self, form: SignupForm, refusal: TooMany) -> HttpResponse:
        """The page with what was typed, and the status that says it may be sent again."""
        show_refusal(form, refusal)
        page: HttpResponse = self.form_invalid(form)
        page.status_code = refusal.status
        page.headers["Retry-After"] = str(refusal.retry_after)
        return page


class EmailView(allauth.EmailView):
    form_class = AddEmailForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Beside an erasure allauth would give the closed account an address again."""
        if not isinstance(request.user, User):
            return super().dispatch(request, *args, **kwargs)
        try:
            with transaction.atomic():
                locked_self(request.user, actor_of(request))
                return super().dispatch(request, *args, **kwargs)
        except Forbidden:
            return redirect("account_login")

    def _action_primary(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return or_taken(request, super()._action_primary, request, *args, **kwargs)


class ConfirmEmailView(allauth.ConfirmEmailView):
    """Confirms by POST only: mail scanners follow links."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return or_taken(self.request, super().post, *args, **kwargs)


def or_taken(
    request: HttpRequest, act: Callable[..., HttpResponse], *args: Any, **kwargs: Any
) -> HttpResponse:
    """An address may have become another account's since it was added here. allauth then meets
    the unique key of the user, which is nothing to fail on."""
    try:
        with transaction.atomic():
            return act(*args, **kwargs)
    except IntegrityError:
        messages.error(request, _("There is an account with this e-mail address."))
        return redirect("account_email")
