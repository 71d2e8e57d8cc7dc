"""How reviews read in the back office."""

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking_site.common.actors import ActorKind
from reviews.models import ReportReason, Review, ReviewLogEntry, ReviewPhoto
from stores.models import Store


def local(instant: datetime | None, store: Store) -> str:
    """By the store's own wall clock, whatever the reader's."""
    if instant is None:
        return "–"
    return formats.localize(instant.astimezone(store.zone).replace(tzinfo=None, microsecond=0))


def reason_in_words(reason: str) -> str:
    """The log keeps a report's reason by its code, and a moderator's in the words they wrote."""
    return str(dict(ReportReason.choices).get(reason, reason))


def who_in_words(entry: ReviewLogEntry) -> str:
    if entry.actor_user is not None:
        return str(entry.actor_user)
    return _("the system") if entry.actor_kind == ActorKind.SYSTEM else _("a guest")


def stars(count: int) -> str:
    return "★" * count + "☆" * (5 - count)


def photos_of(review: Review) -> SafeString | str:
    """Small, each leading to the large one."""
    links = format_html_join("", "{}", ((photo_link(photo),) for photo in review.photos.all()))
    return format_html('<div class="flex flex-wrap gap-2">{}</div>', links) if links else "–"


def photo_link(photo: ReviewPhoto) -> SafeString:
    return format_html(
        '<a href="{}" target="_blank" rel="noopener"><img src="{}" alt="{}" width="120" '
        'height="120" loading="lazy" class="rounded-default object-cover"></a>',
        reverse("reviews:photo", args=[photo.key]),
        reverse("reviews:photo_small", args=[photo.key]),
        str(photo),
    )
