"""Choosing a password."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from booking_site.common.errors import Forbidden, Invalid


def hash_password(password: str, *, email: str | None = None) -> str:
    """The hash to store. Raises Invalid for ``password`` when it is too easily guessed.

    Takes a third of a second on purpose, so call it before the transaction, not in it.
    """
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise Invalid(errors={"password": error.messages}) from error
    return make_password(password)


def set_password(user: User, password: str) -> None:
    """Of the row nothing else: what somebody changed or erased meanwhile is not written back.
    Raises Forbidden for an account that has closed."""
    user.set_password(password)
    if not User.objects.filter(pk=user.pk, is_active=True).update(password=user.password):
        raise Forbidden
