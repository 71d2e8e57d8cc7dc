"""Where a listing is found: at its own place, or at its store's, whatever moved last."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.history import create_all
from booking_site.common.places import Point
from realtors.models import Listing
from realtors.services import create_listing, edit_listing
from stores.models import Store
from stores.services.describing import StoreFacts, describe_store
from stores.services.opening import close_store_of_one
from tests.factories import ListingFactory, RealtorFactory, StoreFactory

from .conftest import NOW

pytestmark = pytest.mark.engine
SHOP, HOME, ELSEWHERE = ("31.240000", "121.490000"), ("31.3", "121.6"), ("30.25", "120.16")
NOWHERE = (None, None)


@pytest.fixture
def shop() -> Store:
    return StoreFactory(latitude=SHOP[0], longitude=SHOP[1])


@pytest.fixture
def at_shop(shop) -> Listing:
    return ListingFactory(realtor=RealtorFactory(store=shop))


@pytest.fixture
def at_home(shop) -> Listing:
    whose = RealtorFactory(store=shop)
    return ListingFactory(realtor=whose, latitude=HOME[0], longitude=HOME[1])


def spot(listing: Listing) -> tuple[Decimal | None, Decimal | None]:
    rows = Listing.objects.filter(pk=listing.pk)
    return rows.values_list("spot_latitude", "spot_longitude").get()


def is_at(listing: Listing, place: tuple[str | None, str | None]) -> bool:
    return spot(listing) == tuple(None if one is None else Decimal(one) for one in place)


def test_its_own_place_goes_before_its_stores(at_shop, at_home):
    assert is_at(at_shop, SHOP)
    assert is_at(at_home, HOME)
    assert is_at(ListingFactory(), NOWHERE)


def test_it_follows_what_is_said_of_it(hua, office):
    by = Actor.of(hua)
    facts = {"kind": "service", "title": "Windows", "price": 80, "price_unit": "visit"}
    made = create_listing(store=office, **facts, by=by, at=NOW)
    assert is_at(made, NOWHERE)

    place = {"latitude": Decimal(HOME[0]), "longitude": Decimal(HOME[1])}
    edit_listing(made, **place, by=by, at=NOW)
    assert is_at(made, HOME)

    edit_listing(made, latitude=None, longitude=None, by=by, at=NOW)
    assert is_at(made, NOWHERE)


def test_it_follows_into_another_store(at_shop, at_home):
    other = StoreFactory(latitude=ELSEWHERE[0], longitude=ELSEWHERE[1])
    for one in (at_shop, at_home):
        one.store = other
        one.save(update_fields=["store"])

    assert is_at(at_shop, ELSEWHERE)
    assert is_at(at_home, HOME)


def test_a_save_of_anything_else_asks_nothing_more(at_shop, django_assert_num_queries):
    with django_assert_num_queries(1):
        at_shop.save(update_fields=["rating"])


def moved_by_its_manager(shop: Store) -> None:
    facts = StoreFacts(name="Shop", city="杭州", point=Point(*map(float, ELSEWHERE)))
    describe_store(shop, facts, by=SYSTEM, at=NOW)


def moved_in_a_form(shop: Store) -> None:
    """As the back office and imports do it."""
    row = Store.objects.get(pk=shop.pk)
    row.latitude, row.longitude = ELSEWHERE
    row.save()


def moved_by_its_place_alone(shop: Store) -> None:
    row = Store.objects.get(pk=shop.pk)
    row.latitude, row.longitude = ELSEWHERE
    row.save(update_fields=["latitude", "longitude"])


def moved_with_others(shop: Store) -> None:
    """Found by what the update itself changes."""
    Store.objects.filter(latitude=SHOP[0]).update(latitude=ELSEWHERE[0], longitude=ELSEWHERE[1])


def moved_in_bulk(shop: Store) -> None:
    row = Store.objects.get(pk=shop.pk)
    row.latitude, row.longitude = ELSEWHERE
    Store.objects.bulk_update([row], ["latitude", "longitude"])


@pytest.mark.parametrize(
    "move",
    [
        moved_by_its_manager,
        moved_in_a_form,
        moved_by_its_place_alone,
        moved_with_others,
        moved_in_bulk,
    ],
)
def test_where_the_store_moves_what_is_found_there_moves_too(shop, at_shop, at_home, move):
    beside = ListingFactory(realtor__store=StoreFactory(latitude=HOME[0], longitude=HOME[1]))

    move(shop)

    assert is_at(at_shop, ELSEWHERE)
    assert is_at(at_home, HOME)
    assert is_at(beside, HOME)


def test_a_store_whose_place_is_forgotten_is_found_nowhere(shop, at_shop):
    Store.objects.filter(pk=shop.pk).update(slug="one-abc")
    shop.refresh_from_db()

    close_store_of_one(shop, name="gone", by=SYSTEM, at=NOW)

    assert is_at(at_shop, NOWHERE)


def test_a_store_that_stays_where_it_is_leaves_its_listings_alone(shop, at_shop):
    """What is not locked is not waited for: whoever books one of them has the row."""
    Listing.objects.filter(pk=at_shop.pk).update(spot_latitude=1, spot_longitude=1)
    row = Store.objects.get(pk=shop.pk)
    row.name = "Another name"
    row.save()

    assert is_at(at_shop, ("1", "1"))


def test_many_at_once_are_found_like_one(shop, at_shop):
    def plain(**place: str) -> Listing:
        facts = {"kind": "service", "price": 1, "price_unit": "visit", "title": "Many"}
        return Listing(store=shop, created_at=NOW, updated_at=NOW, **facts, **place)

    here, there = plain(), plain(latitude=HOME[0], longitude=HOME[1])
    Listing.objects.bulk_create([here, there])
    kept = [plain()]
    create_all(kept, by=SYSTEM, at=NOW)

    rows = Listing.objects.filter(title="Many").order_by("pk")
    for one, place in zip(rows, (SHOP, HOME, SHOP), strict=True):
        assert is_at(one, place)
    at_shop.latitude, at_shop.longitude = HOME
    Listing.objects.bulk_update([at_shop], ["latitude", "longitude"])
    assert is_at(at_shop, HOME)
    Listing.objects.filter(latitude=HOME[0]).update(latitude=None, longitude=None)
    assert is_at(at_shop, SHOP)


def test_the_place_is_kept_in_no_history(at_shop):
    names = {field.name for field in Listing.history.model._meta.fields}

    assert "latitude" in names
    assert not {"spot_latitude", "spot_longitude"} & names


def test_what_was_there_before_is_found_after_the_migration(at_shop, at_home):
    Listing.objects.update(spot_latitude=None, spot_longitude=None)

    import_module("realtors.migrations.0008_spots").find_spots(apps, None)

    assert is_at(at_shop, SHOP)
    assert is_at(at_home, HOME)
