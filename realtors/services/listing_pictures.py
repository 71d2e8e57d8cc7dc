"""Pictures of listings. The first one is the cover."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.files import delete_after_commit, keep
from booking_site.common.pictures import Picture
from realtors.listing_rules import LONGEST_CAPTION, MOST_PICTURES
from realtors.models import Listing, ListingPicture
from realtors.permissions import require_listing_runner

from .listings import locked


@transaction.atomic
def add_picture(
    listing: Listing, *, pictures: Sequence[Picture], by: Actor, at: datetime, caption: str = ""
) -> ListingPicture:
    """The last one. ``pictures`` are the large and the small one of gateways.pictures; the names of
    the files tell nothing.

    Raises Forbidden, Invalid when there are MOST_PICTURES already, Unavailable.
    """
    row = locked(listing)
    require_room(row, by=by)
    _require_fit(caption)
    large, small = pictures
    last = ListingPicture.objects.filter(listing=row).order_by("position").last()
    picture = ListingPicture(
        listing=row,
        key=secrets.token_hex(16),
        position=last.position + 1 if last else 0,
        caption=caption.strip(),
        width=large.width,
        height=large.height,
        created_at=at,
    )
    for field, one in ((picture.picture, large), (picture.small, small)):
        name = field.field.generate_filename(picture, f"{secrets.token_hex(16)}.jpg")
        field.name = keep(field.storage, name, one.jpeg)
    picture.save()
    return picture


def require_room(listing: Listing, *, by: Actor) -> None:
    """For one picture more. Ask before the work of decoding one; ``add_picture`` asks again, in
    line. Raises as it does."""
    require_listing_runner(by, listing)
    if ListingPicture.objects.filter(listing=listing).count() >= MOST_PICTURES:
        message = _("At most %(count)s pictures, please.") % {"count": MOST_PICTURES}
        raise Invalid(errors={"picture": [message]})


@transaction.atomic
def change_picture(
    picture: ListingPicture,
    *,
    by: Actor,
    at: datetime,
    caption: str | None = None,
    position: int | None = None,
) -> ListingPicture:
    """What it shows, and where it stands: 0 is the cover, the others move up. None leaves it.
    Raises Forbidden, Invalid; NotFound when somebody has removed it meanwhile."""
    listing = locked(picture.listing)
    require_listing_runner(by, listing)
    rows = list(ListingPicture.objects.filter(listing=listing))
    found = next((one for one in rows if one.pk == picture.pk), None)
    if found is None:
        raise NotFound
    if caption is not None:
        _require_fit(caption)
        found.caption = caption.strip()
        found.save(update_fields=["caption"])
    if position is not None:
        rows.remove(found)
        rows.insert(position, found)
    _number(rows)
    return found


@transaction.atomic
def remove_picture(picture: ListingPicture, *, by: Actor, at: datetime) -> None:
    """The row now, its files after the commit. Raises Forbidden."""
    listing = locked(picture.listing)
    require_listing_runner(by, listing)
    drop_pictures(listing, only=picture.pk)


def drop_pictures(listing: Listing, *, only: int | None = None) -> None:
    """All of them, or one."""
    rows = list(ListingPicture.objects.filter(listing=listing))
    gone = [one for one in rows if only in (None, one.pk)]
    for one in gone:
        for field in (one.picture, one.small):
            delete_after_commit(field.storage, field.name or "")
    ListingPicture.objects.filter(pk__in=[one.pk for one in gone]).delete()
    _number([one for one in rows if one not in gone])


def _number(rows: list[ListingPicture]) -> None:
    for place, one in enumerate(rows):
        if one.position != place:
            one.position = place
            one.save(update_fields=["position"])


def _require_fit(caption: str) -> None:
    if len(caption.strip()) > LONGEST_CAPTION:
        message = _("Please keep it to %(count)s characters.") % {"count": LONGEST_CAPTION}
        raise Invalid(errors={"caption": [message]})
