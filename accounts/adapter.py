"""Where allauth's pages meet our rules."""

import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import BadCredentials
from accounts.fields import PhoneFormField
from accounts.models import User
from accounts.selectors import find_by_login
from accounts.services import sign_in
from booking_site.common.callers import address_of
from booking_site.common.errors import TooMany
from booking_site.common.limits import Limit, digest, use_up

log = logging.getLogger(__name__)
MAILS_PER_HOUR = 3


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address or telephone number, under the same limits as in the API."""

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
            raise self.validation_error("too_many_login_attempts") from refusal

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
