"""E-mail address and telephone number: how people are found and told apart."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.errors import Conflict, Invalid
from booking_site.common.phones import normalise_phone


def normalised(email: str | None, phone: str | None) -> tuple[str | None, str | None]:
    """Lower case, and E.164. Raises Invalid for ``phone``, or when both are missing."""
    email = (email or "").strip().lower() or None
    phone = normalise_phone(phone) if phone and phone.strip() else None
    if email is None and phone is None:
        reason = _("Give an e-mail address or a telephone number.")
        raise Invalid(errors={"email": [reason], "phone": [reason]})
    return email, phone


@contextmanager
def unique_identity(user: User) -> Iterator[None]:
    """Save the user in this block; raises Invalid for ``email`` or ``phone`` that others have."""
    _refuse_taken(user)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Somebody registered the same in between; an older snapshot may not show them.
        _refuse_taken(user)
        raise Conflict from error


def replace_email_address(user: User) -> None:
    """allauth's own list: one address, to be confirmed."""
    EmailAddress.objects.filter(user=user).delete()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)


def _refuse_taken(user: User) -> None:
    others = User.objects.exclude(pk=user.pk)
    proven = EmailAddress.objects.exclude(user_id=user.pk).filter(verified=True)
    errors = {}
    if user.email and (
        others.filter(email=user.email).exists() or proven.filter(email=user.email).exists()
    ):
        errors["email"] = [_("There is an account with this e-mail address.")]
    if user.phone and others.filter(phone=user.phone).exists():
        errors["phone"] = [_("There is an account with this telephone number.")]
    if errors:
        raise Invalid(errors=errors)
