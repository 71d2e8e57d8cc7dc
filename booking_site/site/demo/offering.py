"""Bringing what the demo's stores offer into being. What is there is left as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from booking_site.common.actors import Actor
from booking_site.common.pictures import Picture
from booking_site.common.transactions import run_in_transaction
from realtors.gateways.pictures import listing_pictures_from
from realtors.models import Listing, Realtor
from realtors.services import add_picture, create_listing, publish_listing
from stores.models import Store

from .houses import HOUSES
from .listings import COURSES, TEACHERS, DemoListing
from .offers import LISTINGS
from .opening import category, hire
from .scenes import scene

FIRST_TEACHER = 60
Stores = dict[str, Store]
Courses = dict[DemoListing, Listing]


@dataclass(frozen=True)
class Offered:
    """What is there of the demo's own: courses by their plans, houses by their titles."""

    courses: Courses
    houses: dict[str, Listing]


def ensure_listings(stores: Stores, *, by: Actor, at: datetime) -> Offered:
    """Everything that the demo offers. One query where all is there."""
    titles = [plan.title for plan in LISTINGS]
    known = Listing.objects.with_people().filter(store__in=stores.values(), title__in=titles)
    found = {one.title: one for one in known}
    if not found:
        run_in_transaction(partial(_hire_teachers, stores, at))
        # Shown since a while: who begins today has no past to be reviewed.
        _offer_all(stores, by=by, at=at - timedelta(days=30))
        found = {one.title: one for one in known.all()}
    return Offered(
        courses={plan: found[plan.title] for plan in COURSES if plan.title in found},
        houses={plan.title: found[plan.title] for plan in HOUSES if plan.title in found},
    )


def _hire_teachers(stores: Stores, at: datetime) -> None:
    for number, (plan, person) in enumerate(TEACHERS, start=FIRST_TEACHER):
        store = stores[plan.slug]
        if not Realtor.objects.filter(store=store, name=person.name).exists():
            hire(store, person, number, at.astimezone(store.zone).date())


def _offer_all(stores: Stores, *, by: Actor, at: datetime) -> None:
    people = {
        (one.store_id, one.name): one
        for one in Realtor.objects.filter(store__in=stores.values()).select_related("store")
    }
    drawn = {name: listing_pictures_from(scene(name)) for name in {one.scene for one in LISTINGS}}
    for plan in LISTINGS:
        store = stores[plan.store.slug]
        teacher = people.get((store.pk, plan.realtor))
        # A visitor may have renamed somebody: then their course is not brought.
        if teacher is not None or not plan.realtor:
            run_in_transaction(partial(_offer, plan, store, teacher, drawn[plan.scene], by, at))


def _offer(
    plan: DemoListing,
    store: Store,
    teacher: Realtor | None,
    pictures: Sequence[Picture],
    by: Actor,
    at: datetime,
) -> None:
    listing = create_listing(
        kind=plan.kind,
        store=store,
        realtor=teacher,
        title=plan.title,
        description=plan.description,
        category=category(plan.category),
        price=Decimal(plan.price),
        price_unit=plan.unit,
        duration_minutes=plan.minutes,
        capacity=plan.capacity,
        tags=list(plan.tags),
        attributes=dict(plan.attributes),
        by=by,
        at=at,
        **plan.more,
    )
    add_picture(listing, pictures=pictures, by=by, at=at)
    publish_listing(listing, by=by, at=at)
