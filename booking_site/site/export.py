"""Everything we hold on a person, collected from the apps."""

from typing import TYPE_CHECKING, Any

from accounts.selectors import export_of as account_of
from appointments.selectors.export import export_of as appointments_of
from chat.selectors.export import export_of as conversations_of
from notifications.selectors.export import export_of as letters_of
from payments.selectors.export import export_of as payments_of
from realtors.selectors.export import export_of as listings_of
from reviews.selectors import export_of as reviews_of

if TYPE_CHECKING:
    from accounts.models import User


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, by subject."""
    return (
        account_of(user)
        | listings_of(user)
        | appointments_of(user)
        | payments_of(user)
        | reviews_of(user)
        | conversations_of(user)
        | letters_of(user)
    )
