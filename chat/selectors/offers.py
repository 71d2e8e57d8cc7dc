"""What may be ordered in a conversation: services of the other of the two."""

from django.db.models import Q

from chat.selectors.reading import Thread
from realtors.models import Listing, ListingKind, ListingQuerySet, Realtor

MOST_SERVICES = 50


def provider_in(thread: Thread) -> Realtor | None:
    """The other one, if they work. No query."""
    if not thread.conversation.is_direct or len(thread.others) != 1:
        return None
    realtor = getattr(thread.others[0].user, "realtor", None)
    return realtor if realtor is not None and realtor.is_active else None


def is_orderable(thread: Thread) -> bool:
    """Whether the other one offers something. No query where it is what they talk about."""
    provider, about = provider_in(thread), thread.conversation.listing
    if provider is None:
        return False
    if about is not None and about.kind == ListingKind.SERVICE and about.is_published:
        is_there = about.store_id == provider.store_id
        return is_there and about.realtor_id in (provider.pk, None)
    return services_in(thread).exists()


def services_in(thread: Thread) -> ListingQuerySet:
    """Those of the other one, and those of their store that are nobody's in particular."""
    provider = provider_in(thread)
    rows = Listing.objects.open_to_public().filter(kind=ListingKind.SERVICE)
    if provider is None:
        return rows.none()
    theirs = Q(realtor=provider) | Q(realtor=None, store=provider.store_id)
    return rows.filter(theirs).select_related("store", "realtor__user", "category")


def orderable_in(thread: Thread) -> list[Listing]:
    """What the conversation is about if that is one of them; else all of them. One query, none
    where the other offers nothing."""
    if provider_in(thread) is None:
        return []
    about = thread.conversation.listing_id
    rows = list(services_in(thread).order_by("title", "pk")[:MOST_SERVICES])
    return [one for one in rows if one.pk == about] or rows
