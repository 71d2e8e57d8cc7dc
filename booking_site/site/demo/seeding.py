"""The whole demo in order: people, places, and what they have promised each other."""

from collections.abc import Mapping
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
from .offering import Offered, ensure_listings
from .opening import ensure_manager, ensure_realtor, ensure_stores
from .ordering import CUSTOMER_ORDER, household, order_ahead, remember_orders
from .people import CUSTOMER, MANAGER, OPERATOR, REALTOR, SITTER, WORKER, Account
from .seats import CUSTOMER_SEAT
from .sitters import MAOMAO
from .staying import CUSTOMER_STAY, bring_pets, ensure_pets, guests, remember_stays
from .stores import HUBIN, WENSAN
from .teaching import close_what_is_over, open_two_weeks
from .viewing import let_them_look, say_what_they_think


def seed(*, at: datetime) -> int:
    """Bring everything up to ``at``, any number of times; returns how many bookings were made."""
    users = run_in_transaction(partial(ensure_accounts, at=at))
    stores = run_in_transaction(partial(_ensure_places, users, at))
    by = Actor.of(users[OPERATOR])
    offered = ensure_listings(stores, by=by, at=at)
    cast = Cast(
        stores=stores,
        users=users,
        realtors={REALTOR: Realtor.objects.get(user=users[REALTOR])},
        houses=offered.houses,
        operator=by,
        at=at,
    )
    pupils = run_in_transaction(ensure_pupils)
    group = _open_classes(cast, offered, pupils)
    owners = pupils | {CUSTOMER_STAY: users[CUSTOMER]}
    run_in_transaction(partial(ensure_pets, owners, at=at))
    homes = guests(owners, at=at)
    home = household(pupils | {CUSTOMER_ORDER: users[CUSTOMER]}, at=at)
    made = remember_stays(homes) + remember_orders(home)
    made += keep_alive(cast) + fill_classes(group) + bring_pets(homes) + order_ahead(home)
    let_them_look(users, pupils, offered.houses, at=at)
    say_what_they_think(users, at=at)
    let_them_talk(users, at=at)
    for user in users.values():
        run_in_transaction(partial(_read_what_is_old, user, at))
    return made


def _open_classes(cast: Cast, offered: Offered, pupils: dict[int, User]) -> Class:
    """Before anybody has an hour of a teacher's booked: what takes place every week comes first."""
    by, at, courses = cast.operator, cast.at, offered.courses
    everybody = pupils | {CUSTOMER_SEAT: cast.users[CUSTOMER]}
    group = Class(courses=courses, pupils=everybody, operator=by, at=at)
    close_what_is_over(courses, by=by, at=at)
    remember_classes(group)
    open_two_weeks(courses, by=by, at=at)
    return group


def _read_what_is_old(user: User, at: datetime) -> None:
    """Its owner has looked yesterday."""
    own = Notification.objects.unread().filter(user=user, created_at__lt=at - timedelta(days=1))
    for u in own.values_list("u", flat=True):
        mark_read(user, u, at=at)


def _ensure_places(users: Mapping[Account, User], at: datetime) -> dict[str, Store]:
    stores = ensure_stores(at=at)
    ensure_manager(stores[HUBIN.slug], users[MANAGER])
    ensure_realtor(stores[HUBIN.slug], users[REALTOR])
    ensure_realtor(stores[MAOMAO.slug], users[SITTER])
    ensure_realtor(stores[WENSAN.slug], users[WORKER])
    return stores
