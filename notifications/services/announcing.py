"""Announcements: published by an operator, and carried from user to user in batches."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User, UserType
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden
from notifications.models import Announcement, Audience, Channel, Notification, Type
from notifications.selectors.wishes import Wishes, wishes_of

from .notifying import send_notification
from .pushing import push

# Each is a row to lock until the commit.
BATCH = 500
USEFUL = timedelta(days=1)


def publish_announcement(announcement: Announcement, *, by: Actor, at: datetime) -> None:
    """From now on (or from its time on) it goes out, and can be changed no more. Raises Forbidden,
    and Conflict when it was published already."""
    if by.user is None or not by.user.is_superuser:
        raise Forbidden
    drafts = Announcement.objects.filter(pk=announcement.pk, published_at=None)
    start = max(announcement.publish_at or at, at)
    if not drafts.update(published_at=at, publish_at=start):
        raise Conflict(_("It has been published already."))


@transaction.atomic
def announce_some(announcement_id: int, *, at: datetime) -> bool:
    """The next batch of people. The cursor moves in the same transaction, so that whoever dies here
    has told nobody of it; of two who do it at once, one waits and finds that it was done. False
    when there is nothing left to do."""
    announcement = Announcement.objects.due(at).filter(pk=announcement_id).first()
    if announcement is None:
        return False
    people = list(_after_the_last(announcement)[:BATCH])
    mine = Announcement.objects.filter(
        pk=announcement.pk, sent_at=None, last_user_id=announcement.last_user_id
    )
    if not people:
        mine.update(sent_at=at)
        return False
    if not mine.update(last_user_id=people[-1].pk, told=F("told") + len(people)):
        return True
    wishes = wishes_of(user.pk for user in people)
    for user in people:
        _tell(announcement, user, wishes, at)
    return True


def audience_of(announcement: Announcement) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, is_machine=False)
    match announcement.audience:
        case Audience.CUSTOMERS:
            return people.filter(user_type=UserType.CUSTOMER, is_staff=False)
        case Audience.PROVIDERS:
            return people.filter(user_type=UserType.PROVIDER)
        case Audience.STAFF:
            return people.filter(is_staff=True)
    return people


def _after_the_last(announcement: Announcement) -> QuerySet[User]:
    return audience_of(announcement).filter(pk__gt=announcement.last_user_id).order_by("pk")


def _tell(announcement: Announcement, user: User, wishes: Wishes, at: datetime) -> None:
    title, content = announcement.words(user.locale)
    row = Notification(
        user=user,
        type=Type.SYSTEM,
        announcement=announcement,
        title=title,
        content=content,
        link=announcement.link,
        created_at=at,
    )
    send_notification(row)
    if wishes.allow(user.pk, Type.SYSTEM.kind, Channel.PUSH):
        push(row, useful_until=at + USEFUL)
