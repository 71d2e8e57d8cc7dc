"""People as the others in a conversation see them."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User


def name_of(user: User | None) -> str:
    """Never an address or a number: whoever has given no name is somebody. Of a provider who has
    none, the name they work under."""
    if user is None or not user.is_active:
        return _("Somebody who has left")
    realtor = getattr(user, "realtor", None)
    return user.display_name or (realtor.name if realtor else "") or _("Somebody")


def person_data(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "displayName": name_of(user),
        "avatarUrl": user.avatar_url if user.is_active else None,
        "userType": user.user_type,
    }
