"""Proving to be somebody by a password, on pages and in the API alike."""

from datetime import datetime

from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from accounts.errors import BadCredentials
from accounts.models import User
from accounts.selectors import find_by_login
from booking_site.common.errors import Forbidden, Invalid

from .attempts import counted


class WrongPassword(Invalid):
    """400 and not 401: who is asking is known, and stays signed in."""

    def __init__(self) -> None:
        super().__init__(errors={"password": [_("This is not your password.")]})


def sign_in(*, login: str, password: str, address: str, at: datetime) -> User:
    """The active user with this e-mail address or telephone number, and this password.

    ``address`` is where the caller comes from. Raises BadCredentials, the same and after the same
    work for an unknown, a closed and a wrongly proven account, and TooMany. Call it outside of
    transactions: failures are counted.
    """
    user = find_by_login(login)
    with counted(user, login=login, address=address, at=at):
        if not _matches(user, password):
            raise BadCredentials
    assert user is not None  # _matches says so
    return user


def confirm_password(user: User, *, password: str, address: str, at: datetime) -> None:
    """Somebody signed in proves it again, before something grave. Raises WrongPassword
    (Invalid for ``password``) and TooMany."""
    with counted(user, login="", address=address, at=at):
        if not _matches(user, password):
            raise WrongPassword


def prove_second_factor(user: User, *, code: str, address: str, at: datetime) -> None:
    """For apps, after the password; on pages the sign-in library asks. ``code`` is of the app on
    their telephone or one of the recovery codes, and counts once.

    Raises Invalid for ``second_factor`` where one is needed and it is missing or wrong, Forbidden
    for staff who must have one and have none (STAFF_MFA_REQUIRED), and TooMany.
    """
    if not is_mfa_enabled(user):
        if settings.STAFF_MFA_REQUIRED and (user.is_staff or user.is_superuser):
            raise Forbidden(_("The back office needs your second factor."))
        return
    if not code:
        told = _(
            "Please type the code that the app on your telephone shows, or one of your recovery"
            " codes."
        )
        raise Invalid(errors={"second_factor": [told]})
    with counted(user, login="", address=address, at=at):
        form = BaseAuthenticateForm({"code": code}, user=user)
        if not form.is_valid():
            raise Invalid(errors={"second_factor": list(form.errors["code"])})


def _matches(user: User | None, password: str) -> bool:
    if user is None:
        make_password(password)
        return False
    return user.check_password(password) and user.is_active
