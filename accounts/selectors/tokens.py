"""Whether a token still counts."""

from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare

from accounts.gateways.tokens import Claims
from accounts.models import RefreshToken, User


def bearer_of(claims: Claims) -> User | None:
    """The active user whose sign-in this is, unless it has ended. One query.

    A family counts while none of its tokens is revoked. Asking that of all of them, and not of
    the newest alone, also ends one whose newest row was being written while it was revoked.
    """
    family = RefreshToken.objects.filter(family=claims.family)
    user = User.objects.filter(
        Exists(family.filter(user=OuterRef("pk"))),
        ~Exists(family.filter(revoked_at__isnull=False)),
        pk=claims.user_id,
        is_active=True,
    ).first()
    if user is None or not constant_time_compare(user.password_fingerprint, claims.fingerprint):
        return None
    return user
