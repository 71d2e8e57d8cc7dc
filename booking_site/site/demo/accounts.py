"""Bringing the accounts of the demo into being. A password somebody has changed stays changed."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Child, Pet, User, UserType

from .people import ACCOUNTS, CUSTOMER, PASSWORD, Account, guest_phone
from .pets import FRESH
from .seats import ELDER, FIRST_PUPIL, PUPILS, YOUNGER, pupil_name
from .wishes import MAILBOX


def ensure_accounts(*, at: datetime) -> dict[Account, User]:
    """The users of the demo, made where missing. One password hash for all: it takes long."""
    found = {
        user.email: user
        for user in User.objects.filter(email__in=[account.email for account in ACCOUNTS])
    }
    missing = [account for account in ACCOUNTS if account.email not in found]
    if missing:
        password = make_password(PASSWORD)
        found |= {account.email: _make(account, password, at) for account in missing}
    return {account: found[account.email] for account in ACCOUNTS}


def _make(account: Account, password: str, at: datetime) -> User:
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
        Child.objects.create(parent=user, name=ELDER, birth_date=date(2018, 6, 1))
        Child.objects.create(parent=user, name=YOUNGER, birth_date=date(2020, 3, 15))
        fresh = at.date() + FRESH
        for name, breed, weight in (("豆包", "英国短毛猫", "4.6"), ("年糕", "狸花猫", "3.9")):
            Pet.objects.create(
                owner=user,
                name=name,
                species="猫",
                breed=breed,
                weight_kg=weight,
                vaccinated_until=fresh,
                notes="认生，请慢慢来。",
            )
    return user


def ensure_pupils() -> dict[int, User]:
    """Those who take courses beside the demo's customer, by number. Nobody signs in as they."""
    addresses = [f"pupil{number}@{MAILBOX}" for number in range(PUPILS)]
    found = {user.email: user for user in User.objects.filter(email__in=addresses)}
    for number, address in enumerate(addresses):
        if address not in found:
            phone = guest_phone(FIRST_PUPIL + number)
            found[address] = User.objects.create(
                email=address,
                phone=None if User.objects.filter(phone=phone).exists() else phone,
                password=make_password(None),
                display_name=pupil_name(number),
                user_type=UserType.CUSTOMER,
            )
    return {number: found[address] for number, address in enumerate(addresses)}
