"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from realtors.models import Interest, Listing

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "kind",
    "title",
    "description",
    "price",
    "price_unit",
    "currency",
    "address",
    "latitude",
    "longitude",
    "tags",
    "attributes",
    "status",
    "hidden_reason",
    "created_at",
)


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder. Pictures by the addresses at which their
    owner sees them."""
    rows = Listing.objects.filter(realtor__user=user).prefetch_related("pictures").order_by("pk")
    return {"listings": [_told(one) for one in rows], "interests": _interests_of(user)}


def _interests_of(user: "User") -> list[dict[str, Any]]:
    """What they looked at, saved, booked and passed over, the latest first."""
    columns = ("what", "at", "times", "listing_id", "listing__title", "listing__kind")
    rows = Interest.objects.filter(user=user).order_by("-at", "-pk")
    return list(rows.values(*columns))


def _told(listing: Listing) -> dict[str, Any]:
    plain = {name: getattr(listing, name) for name in COLUMNS}
    pictures = [
        {"url": reverse("realtors:picture", args=[one.key]), "caption": one.caption}
        for one in listing.pictures.all()
    ]
    return plain | {"pictures": pictures}
