"""What this app holds on a person, for themselves."""

from typing import Any

from allauth.account.models import EmailAddress
from django.forms import model_to_dict

from accounts.models import Child, Pet, RefreshToken, User


def export_of(user: User) -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder; no password, no secrets."""
    return {
        "profile": _profile(user),
        # What it said before, as the history keeps it.
        "profile_before": [_version(one) for one in User.history.filter(id=user.pk).reverse()],
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "pets": [model_to_dict(pet, exclude=["owner"]) for pet in Pet.objects.visible_to(user)],
        "children": [
            model_to_dict(child, exclude=["parent"]) for child in Child.objects.visible_to(user)
        ],
        "app_sign_ins": list(
            RefreshToken.objects.filter(user=user)
            .order_by("created_at")
            .values("created_at", "expires_at", "used_at", "revoked_at")
        ),
    }


def _profile(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "email": user.email,
        "phone": str(user.phone) if user.phone else None,
        "phone_verified": user.phone_verified,
        "display_name": user.display_name,
        "user_type": user.user_type,
        "avatar_url": user.avatar_url,
        "locale": user.locale,
        "latitude": user.latitude,
        "longitude": user.longitude,
        "preferences": user.preferences,
        "joined": user.date_joined,
        "last_login": user.last_login,
    }


def _version(kept: Any) -> dict[str, Any]:
    return {
        "at": kept.history_date,
        "email": kept.email,
        "phone": str(kept.phone) if kept.phone else None,
        "display_name": kept.display_name,
        "user_type": kept.user_type,
        "is_active": kept.is_active,
    }
