"""When a customer has their account erased."""

from django.db import transaction

from accounts.models import User
from reviews.models import Review


@transaction.atomic
def forget(user: User) -> None:
    """Their words and their name go; the stars stay, so that nobody's rating changes."""
    Review.objects.filter(user=user).update(user=None, comment="")
