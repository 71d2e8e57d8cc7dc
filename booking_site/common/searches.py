"""Filters of a list, kept under a name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .actors import Actor
from .errors import Forbidden, Invalid
from .models import LONGEST_QUERY, SavedSearch, Sharing

if TYPE_CHECKING:
    from accounts.models import User

MOST_PER_LIST = 30


def sharings_of(user: "User") -> list[Sharing]:
    """Managers share with their team, operators with everybody."""
    return [Sharing.NOBODY, Sharing.EVERYBODY if user.is_superuser else Sharing.TEAM]


def searches_visible_to(user: "User", store_ids: Iterable[int]) -> QuerySet[SavedSearch]:
    """One's own, those for all staff, and those of people who manage one of these stores too."""
    team = Q(sharing=Sharing.TEAM, owner__store_memberships__store__in=list(store_ids))
    shared = Q(sharing=Sharing.EVERYBODY) | team
    return SavedSearch.objects.filter(Q(owner=user) | shared & Q(owner__is_active=True)).distinct()


@transaction.atomic
def save_search(*, listed: str, name: str, query: str, sharing: str, by: Actor) -> SavedSearch:
    """Under a name that is new in this list, for this person. Raises Forbidden and Invalid."""
    if by.user is None or sharing not in sharings_of(by.user):
        raise Forbidden
    if not query:
        raise Invalid(_("Choose filters or search for something first; then it can be saved."))
    if len(query) > LONGEST_QUERY:
        raise Invalid(_("These are more filters than can be saved under one name."))
    own = SavedSearch.objects.filter(owner=by.user, listed=listed)
    if own.count() >= MOST_PER_LIST:
        text = _("You have %(most)s saved searches here. Remove one that you no longer need first.")
        raise Invalid(text % {"most": MOST_PER_LIST})
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                owner=by.user, listed=listed, name=name, query=query, sharing=sharing
            )
    except IntegrityError as error:
        text = _("You have a saved search called “%(name)s” here already.")
        raise Invalid(text % {"name": name}) from error
