"""Joining."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.events import UserRegistered
from accounts.models import User, UserType
from booking_site.common.actors import Actor
from booking_site.common.events import publish
from booking_site.common.history import signed
from booking_site.common.limits import Limit, digest, network_of, use_up

from .identity import normalised, replace_email_address, unique_identity

# An account costs its maker nothing and may bring a store to the public list with it.
PER_NETWORK = (
    Limit("register/network", most=10, per=timedelta(hours=1)),
    Limit("register/network", most=30, per=timedelta(days=1)),
)
# As many as the demo lets one address write at all.
PER_NETWORK_IN_DEMO = (Limit("register/network", most=600, per=timedelta(minutes=1)),)


def count_registration(*, address: str, at: datetime) -> None:
    """Raises TooMany when this network has had its share of new accounts. Unlike guesses, call it
    inside the transaction of ``register``: what is refused or replayed then makes no account and
    does not count, and those who come at once still wait for each other at the counter."""
    limits = PER_NETWORK_IN_DEMO if settings.RATE_LIMIT_GENEROUS else PER_NETWORK
    network = digest(network_of(address))
    use_up([(limit, network) for limit in limits], at=at)


@transaction.atomic
def register(
    *,
    email: str | None = None,
    phone: str | None = None,
    password_hash: str,
    display_name: str = "",
    user_type: str = UserType.CUSTOMER,
    locale: str = settings.LANGUAGE_CODE,
    by: Actor,
    at: datetime,
) -> User:
    """A new user, known by e-mail address, telephone number, or both; neither is confirmed yet.

    ``password_hash`` comes from ``hash_password``. Raises Invalid by field. Announces
    UserRegistered: upper apps give a provider a place to work at.
    """
    email, phone = normalised(email, phone)
    user = User(
        email=email,
        phone=phone,
        password=password_hash,
        display_name=display_name.strip(),
        user_type=UserType(user_type),
        locale=locale,
        date_joined=at,
    )
    with unique_identity(signed(user, by=by, at=at)):
        user.save(force_insert=True)
    replace_email_address(user)
    publish(UserRegistered(user_id=user.pk, user_type=user.user_type))
    return user
