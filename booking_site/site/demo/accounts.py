"""Bringing the accounts of the demo into being. A password somebody has changed stays changed."""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Child, Pet, User, UserType

from .people import ACCOUNTS, CUSTOMER, PASSWORD, Account


def ensure_accounts() -> dict[Account, User]:
    """The users of the demo, made where missing. One password hash for all: it takes long."""
    found = {
        user.email: user
        for user in User.objects.filter(email__in=[account.email for account in ACCOUNTS])
    }
    missing = [account for account in ACCOUNTS if account.email not in found]
    if missing:
        password = make_password(PASSWORD)
        found |= {account.email: _make(account, password) for account in missing}
    return {account: found[account.email] for account in ACCOUNTS}


def _make(account: Account, password: str) -> User:
    # Not by accounts.services.register: that would give the provider a store of their own.
    user = User.objects.create(
        email=account.email,
        phone=None if User.objects.filter(phone=account.phone).exists() else account.phone,
        password=password,
        display_name=account.name,
        user_type=UserType.PROVIDER if account.provider else UserType.CUSTOMER,
        is_staff=account.staff,
        is_superuser=account.operator,
    )
    EmailAddress.objects.create(user=user, email=account.email, primary=True, verified=True)
    if account is CUSTOMER:
        Child.objects.create(parent=user, name="王一诺", birth_date=date(2018, 6, 1))
        Pet.objects.create(owner=user, name="豆包", species="猫", breed="英国短毛猫")
    return user
