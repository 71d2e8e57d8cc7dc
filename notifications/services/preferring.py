"""Wishes: by which way somebody wants to hear of what."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.ownership import locked_self
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from notifications.models import FIXED, NotificationPreference
from notifications.selectors.wishes import Matrix, matrix_of


@transaction.atomic
def set_preferences(user: User, *, changes: Matrix, by: Actor) -> Matrix:
    """Change those that are named; what everything is then. Raises Invalid for what cannot be
    switched off, and Forbidden for another's."""
    # One after the other: of two who say the same for the first time, one would find a row.
    user = locked_self(user, by)
    said = [(kind, way, yes) for kind, ways in changes.items() for way, yes in ways.items()]
    _require_free_choice(said)
    for kind, way, yes in said:
        of_it = NotificationPreference.objects.filter(user=user, kind=kind, channel=way)
        if yes:
            of_it.delete()
        elif not of_it.exists():
            NotificationPreference.objects.create(user=user, kind=kind, channel=way, enabled=False)
    return matrix_of(user)


def _require_free_choice(said: list[tuple[str, str, bool]]) -> None:
    fixed = {kind: way for kind, way, yes in said if not yes and (kind, way) in FIXED}
    if fixed:
        sentence = _("This cannot be switched off.")
        raise Invalid(errors={kind: {way: [sentence]} for kind, way in fixed.items()})
