"""What somebody had to do with a listing is remembered for recommendations, and for themselves."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.ownership import acting_user, locked_self
from booking_site.common.actors import Actor
from booking_site.common.briefly import try_briefly
from booking_site.common.errors import Conflict, NotFound
from realtors.models import Interest, InterestKind, Listing

# Of one person. What they looked at longest ago makes room; what they saved is theirs to sort out.
MOST_VIEWED = 500
MOST_SAVED = 500
# Looking again so soon is one look.
ONE_LOOK = timedelta(minutes=10)
# So many at once, where a page or two were noted beside each other.
CLEARED = 50


def note_viewed(user: User, listing: Listing, *, at: datetime) -> None:
    """Somebody has its page before them. Two queries where they had a moment ago; never raises for
    the database's sake, and waits for nobody: the page matters more. One's own is not noted."""
    if listing.realtor is not None and listing.realtor.user_id == user.pk:
        return
    seen = Interest.objects.of(user, InterestKind.VIEWED).filter(listing=listing)
    if not seen.since(at - ONE_LOOK).exists():
        try_briefly(lambda: _note_look(user, listing, at))


def note_booked(user: User, listing: Listing, *, at: datetime) -> None:
    """They have booked it: it is recommended to them no more, and tells what they like."""
    _put(user, listing, InterestKind.BOOKED, at)


def note_passed_over(user: User, listing: Listing, *, at: datetime) -> None:
    """They have seen it and said that it is not for them: it is recommended to them no more."""
    _put(user, listing, InterestKind.PASSED_OVER, at)


@transaction.atomic
def save_listing(listing: Listing, *, by: Actor, at: datetime) -> None:
    """To be found again under "Saved"; what is saved stays so. Raises Forbidden for guests;
    NotFound for what they do not see; Conflict where they have saved more than anybody reads."""
    user = locked_self(acting_user(by), by)
    saved = Interest.objects.of(user, InterestKind.SAVED)
    if saved.filter(listing=listing).exists():
        return
    if not Listing.objects.visible_to(user).filter(pk=listing.pk).exists():
        raise NotFound
    if saved.count() >= MOST_SAVED:
        message = _("You have saved %(most)s already. Take some back first.")
        raise Conflict(message % {"most": MOST_SAVED})
    _put(user, listing, InterestKind.SAVED, at)


@transaction.atomic
def unsave_listing(listing: Listing, *, by: Actor, at: datetime) -> None:
    """Also where it was not saved, or is not to be seen any more. Raises Forbidden for guests."""
    Interest.objects.of(acting_user(by), InterestKind.SAVED).filter(listing=listing).delete()


def forget_interest(user: User) -> None:
    """All of a person who leaves."""
    Interest.objects.filter(user=user).delete()


def _note_look(user: User, listing: Listing, at: datetime) -> None:
    if _put(user, listing, InterestKind.VIEWED, at):
        newest_first = Interest.objects.of(user, InterestKind.VIEWED).order_by("-at", "-pk")
        old = newest_first.values_list("pk", flat=True)[MOST_VIEWED : MOST_VIEWED + CLEARED]
        Interest.objects.filter(pk__in=list(old)).delete()


def _put(user: User, listing: Listing, what: InterestKind, at: datetime) -> bool:
    """Once more, or for the first time; whether it was the first. News that come late do not turn
    back the clock."""
    rows = Interest.objects.filter(user=user, listing=listing, what=what)
    again = {"at": Greatest(F("at"), at), "times": F("times") + 1}
    if rows.update(**again):
        return False
    try:
        with transaction.atomic():
            Interest.objects.create(user=user, listing=listing, what=what, at=at)
    except IntegrityError:
        rows.update(**again)
        return False
    # Who erased their account meanwhile has waited for that row, or has been waited for by it.
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        rows.delete()
    return True
