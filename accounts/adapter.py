"""Where allauth's pages meet our rules."""

import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext_lazy as _

from accounts.errors import BadCredentials
from accounts.fields import PhoneFormField
from accounts.letters import dress
from accounts.models import User
from accounts.selectors import find_by_login, home_of
from accounts.services import set_password, sign_in
from booking_site.common.callers import address_of
from booking_site.common.errors import Forbidden, TooMany
from booking_site.common.limits import Limit, digest, use_up

log = logging.getLogger(__name__)
MAILS_PER_HOUR = 3


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address or telephone number, under the same limits as in the API."""

    # In the words of this site; whatever is not named here keeps allauth's.
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": BadCredentials.message,
        "phone_password_mismatch": BadCredentials.message,
        "username_password_mismatch": BadCredentials.message,
        "invalid_login": BadCredentials.message,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "duplicate_email": _("This address is yours already."),
        "email_taken": _("There is an account with this e-mail address."),
        "invalid_password_reset": _("This link does not work any more. Please ask for a new one."),
        "too_many_login_attempts": _("That was too often. Please wait some minutes."),
        "rate_limited": _("That was too often. Please wait some minutes."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        login = credentials.get("email") or credentials.get("phone") or credentials.get("username")
        try:
            return sign_in(
                login=login or "",
                password=credentials.get("password") or "",
                address=address_of(request),
                at=timezone.now(),
            )
        except BadCredentials:
            return None
        except TooMany as refusal:
            minutes = -(-refusal.retry_after // 60)
            raise ValidationError(
                ngettext(
                    "Too many tries. Please wait %(n)d minute; your password is unchanged.",
                    "Too many tries. Please wait %(n)d minutes; your password is unchanged.",
                    minutes,
                )
                % {"n": minutes}
            ) from refusal

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Everybody to where they work; ``next`` goes before it."""
        assert isinstance(request.user, User)
        return reverse(home_of(request.user))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At most three an hour of one kind to one address; a fourth is left out in silence, so
        that nobody learns who has an account. A mail server that is down breaks no page."""
        limit = Limit(f"mail/{template_prefix}", most=MAILS_PER_HOUR, per=timedelta(hours=1))
        try:
            use_up([(limit, digest(email.lower()))], at=timezone.now())
            super().send_mail(template_prefix, email, context | {"brand_name": settings.BRAND_NAME})
        except TooMany:
            log.info("left out a mail: %s", template_prefix)
        except OSError:
            log.exception("could not send a mail: %s", template_prefix)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As text, and as HTML like every other letter."""
        told = {"Auto-Submitted": "auto-generated", "Content-Language": str(get_language())}
        message = super().render_mail(template_prefix, email, context, told | (headers or {}))
        headline = render_to_string(f"{template_prefix}_subject.txt", context)
        return dress(message, template_prefix=template_prefix, headline=" ".join(headline.split()))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the owner, in their language: whoever made the change may be somebody else."""
        with override(user.locale):
            super().send_notification_mail(template_prefix, user, context, email)

    def set_password(self, user: User, password: str) -> None:
        """allauth would save the whole row, as it was when the request began."""
        try:
            set_password(user, password)
        except Forbidden as refusal:
            raise ImmediateHttpResponse(redirect("account_login")) from refusal

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} · {settings.BRAND_NAME}"

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The primary address is the one on the user; it is replaced, never just removed."""
        return not email_address.primary

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")

    def phone_form_field(self, **options: Any) -> PhoneFormField:
        return PhoneFormField(**options)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (str(user.phone), user.phone_verified) if user.phone else None

    def get_user_by_phone(self, phone: str) -> User | None:
        return find_by_login(phone)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """No page of ours asks allauth for this: a number changes by ``change_profile``."""
        raise NotImplementedError

    def set_phone_verified(self, user: User, phone: str) -> None:
        """We send no SMS yet, so nothing verifies a number."""
        raise NotImplementedError


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor of staff, in the words of this site."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Please type the one your app shows now."),
        "unverified_email": _("Please confirm your e-mail address first."),
    }
