"""The whole demo in order: people, places, and what they have promised each other."""

from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification
from notifications.services import mark_read
from realtors.models import Realtor
from stores.models import Store

from .accounts import ensure_accounts, ensure_pupils
from .attending import Class, fill_classes, remember_classes
from .bookings import Cast, keep_alive
from .chatting import let_them_talk
from .offering import ensure_listings
from .opening import ensure_roles, ensure_stores
from .people import CUSTOMER, MANAGER, OPERATOR, REALTOR
from .seats import CUSTOMER_SEAT
from .stores import HUBIN
from .teaching import close_what_is_over, open_two_weeks


def seed(*, at: datetime) -> int:
    """Bring everything up to ``at``, any number of times; returns how many bookings were made."""
    users = run_in_transaction(ensure_accounts)
    stores = run_in_transaction(partial(_ensure_places, users[MANAGER], users[REALTOR], at))
    cast = Cast(
        stores=stores,
        users=users,
        realtors={REALTOR: Realtor.objects.get(user=users[REALTOR])},
        operator=Actor.of(users[OPERATOR]),
        at=at,
    )
    group = _open_classes(cast)
    made = keep_alive(cast) + fill_classes(group)
    let_them_talk(users, at=at)
    for user in users.values():
        run_in_transaction(partial(_read_what_is_old, user, at))
    return made


def _open_classes(cast: Cast) -> Class:
    """Before anybody has an hour of a teacher's booked: what takes place every week comes first."""
    by, at = cast.operator, cast.at
    courses = ensure_listings(cast.stores, by=by, at=at)
    pupils = run_in_transaction(ensure_pupils) | {CUSTOMER_SEAT: cast.users[CUSTOMER]}
    group = Class(courses=courses, pupils=pupils, operator=by, at=at)
    close_what_is_over(courses, by=by, at=at)
    remember_classes(group)
    open_two_weeks(courses, by=by, at=at)
    return group


def _read_what_is_old(user: User, at: datetime) -> None:
    """Its owner has looked yesterday."""
    own = Notification.objects.unread().filter(user=user, created_at__lt=at - timedelta(days=1))
    for u in own.values_list("u", flat=True):
        mark_read(user, u, at=at)


def _ensure_places(manager: User, realtor: User, at: datetime) -> dict[str, Store]:
    stores = ensure_stores(at=at)
    ensure_roles(stores[HUBIN.slug], manager=manager, realtor=realtor)
    return stores
