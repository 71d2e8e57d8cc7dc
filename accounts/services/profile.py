"""What people say about themselves."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import preferences_fit
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.history import signed
from booking_site.common.limits import Limit, digest, network_of, use_up

from .identity import normalised, replace_email_address, unique_identity
from .ownership import locked_self

# Never all fields: rights and state may have changed since this row was read.
OWN_FIELDS = [
    "email",
    "phone",
    "phone_verified",
    "display_name",
    "locale",
    "latitude",
    "longitude",
    "preferences",
]
# Whether somebody else has a number or an address is told to whoever asks for it: as often as a
# network may make accounts, and to one account no more often than that.
ASKED = (timedelta(hours=1), 10), (timedelta(days=1), 30)
# As many as the demo lets one address write at all.
ASKED_IN_DEMO = ((timedelta(minutes=1), 600),)


class Location(TypedDict):
    lat: float
    lng: float


class ProfileChanges(TypedDict, total=False):
    """Only what is named changes; None empties it."""

    email: str | None
    phone: str | None
    display_name: str
    locale: str
    location: Location | None
    preferences: dict[str, Any]


def needs_password(user: User, changes: ProfileChanges) -> bool:
    """Whoever holds the e-mail address can reset the password, so a borrowed token must not
    be enough to change it."""
    new = (changes.get("email") or "").strip().lower() or None
    return "email" in changes and new != user.email and user.has_usable_password()


def count_new_names(user: User, changes: ProfileChanges, *, address: str, at: datetime) -> None:
    """Before another number or address is asked for. Raises TooMany. Called outside of the
    transaction, as before a password: what is refused has told something, and stays counted."""
    try:
        email, phone = _wanted(user, changes)
    except Invalid:
        return  # Tells nothing of others, and is refused anyway.
    if email in (None, user.email) and phone in (None, _number_of(user)):
        return
    network, account = digest(network_of(address)), f"user:{user.pk}"
    asked = ASKED_IN_DEMO if settings.RATE_LIMIT_GENEROUS else ASKED
    use_up(
        [
            (Limit(f"names/{whose}", most=most, per=per), subject)
            for per, most in asked
            for whose, subject in (("network", network), ("account", account))
        ],
        at=at,
    )


@transaction.atomic
def change_profile(user: User, *, changes: ProfileChanges, by: Actor, at: datetime) -> User:
    """Raises Invalid by field. A new address or number counts as unconfirmed."""
    user = locked_self(user, by)
    old_email = user.email
    if "email" in changes or "phone" in changes:
        _set_identity(user, changes)
    user.display_name = changes.get("display_name", user.display_name).strip()
    user.locale = changes.get("locale", user.locale)
    if "location" in changes:
        _set_location(user, changes["location"])
    if "preferences" in changes:
        _set_preferences(user, changes["preferences"])
    with unique_identity(signed(user, by=by, at=at)):
        user.save(update_fields=OWN_FIELDS)
    if user.email != old_email:
        replace_email_address(user)
    return user


def _set_identity(user: User, changes: ProfileChanges) -> None:
    old_phone = _number_of(user)
    email, phone = _wanted(user, changes)
    user.email, user.phone = email, phone
    user.phone_verified = user.phone_verified and phone == old_phone


def _wanted(user: User, changes: ProfileChanges) -> tuple[str | None, str | None]:
    return normalised(changes.get("email", user.email), changes.get("phone", _number_of(user)))


def _number_of(user: User) -> str | None:
    return str(user.phone) if user.phone else None


def _set_location(user: User, location: Location | None) -> None:
    """Six decimals are a hand's breadth."""
    user.latitude = Decimal(f"{location['lat']:.6f}") if location else None
    user.longitude = Decimal(f"{location['lng']:.6f}") if location else None


def _set_preferences(user: User, preferences: dict[str, Any]) -> None:
    if not preferences_fit(preferences):
        raise Invalid(errors={"preferences": [_("Too large or too deeply nested.")]})
    user.preferences = preferences
