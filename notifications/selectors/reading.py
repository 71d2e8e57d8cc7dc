"""What somebody has been told on the site, and how much of it they have not read."""

from dataclasses import dataclass

from django.db.models import Count, Expression, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from notifications.models import Notification, NotificationQuerySet, UserStream


@dataclass(frozen=True)
class Standing:
    """``u``: the position of the stream at which ``unread`` were unread. A client that follows the
    stream counts on from there, and counts nothing twice."""

    u: int
    unread: int


def standing_with_user() -> dict[str, Expression]:
    """Both figures for a query of users, so that they are of one moment: a single statement sees
    the rows of one transaction or another's, never some of each. By keys and the index of the
    unread. ``loaded_with_user`` brings them with whoever is signed in."""
    own = Notification.objects.filter(user=OuterRef("pk")).unread().order_by()
    count = own.values("user").annotate(n=Count("pk")).values("n")
    position = UserStream.objects.filter(pk=OuterRef("pk")).values("last_u")
    return {
        "stream_u": Coalesce(Subquery(position), 0),
        "unread_notifications": Coalesce(Subquery(count), 0),
    }


def standing_of(user: User) -> Standing:
    """Asked for now."""
    rows = User.objects.filter(pk=user.pk).annotate(**standing_with_user())
    # The type checker does not see what stands in a mapping.
    figures = rows.values_list("stream_u", "unread_notifications")  # type: ignore[misc]
    return Standing(*figures.get())


def loaded_standing(user: User) -> Standing:
    """Of the moment when ``request.user`` was loaded, which is before a page reads its state."""
    if not hasattr(user, "stream_u"):
        return standing_of(user)
    return Standing(user.stream_u, user.unread_notifications)  # type: ignore[attr-defined]


def notifications_of(user: User) -> NotificationQuerySet:
    """The newest first."""
    own = Notification.objects.filter(user=user).select_related("appointment__store")
    return own.order_by("-u")
