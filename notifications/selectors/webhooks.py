"""Who is told when a webhook was switched off."""

from accounts.models import User
from stores.models import Store


def managers_of(store: Store) -> list[User]:
    """Whoever runs it today and can be written to."""
    people = User.objects.filter(store_memberships__store=store, is_active=True, is_staff=True)
    return list(people.exclude(email=None).exclude(email="").distinct().order_by("pk"))
