"""Who may write, show and take down a listing: asked by every service itself."""

import pytest

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden
from realtors import services
from realtors.models import Listing
from tests.factories import ListingFactory, RealtorFactory, StoreFactory, UserFactory, manager_of

from .conftest import NOW


@pytest.fixture
def people(wei, hua):
    left = RealtorFactory(store=wei.store, is_active=False)
    return {
        "its provider": wei.user,
        "its manager": hua,
        "an operator": UserFactory(operator=True),
        "a colleague": RealtorFactory(store=wei.store).user,
        "whoever has left": left.user,
        "a stranger": UserFactory(),
        "another store's manager": manager_of(StoreFactory()),
        "staff of no store": UserFactory(is_staff=True),
    }


RUN = ("its provider", "its manager", "an operator")
OVERSEE = ("its manager", "an operator")
EVERYBODY = (
    *RUN,
    "a colleague",
    "whoever has left",
    "a stranger",
    "another store's manager",
    "staff of no store",
)


def may(step, *args, **facts):
    try:
        step(*args, **facts, at=NOW)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_edits_shows_and_withdraws(wei, people, who):
    actor = Actor.of(people[who])
    listing, draft = ListingFactory(realtor=wei), ListingFactory(realtor=wei, status="draft")

    assert may(services.edit_listing, listing, title="New", by=actor) is (who in RUN)
    assert may(services.publish_listing, draft, by=actor) is (who in RUN)
    assert may(services.withdraw_listing, listing, by=actor) is (who in RUN)
    assert Listing.objects.run_by(people[who]).filter(pk=listing.pk).exists() is (who in RUN)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_takes_down_and_puts_back(wei, people, who):
    actor = Actor.of(people[who])
    shown, hidden = ListingFactory(realtor=wei), ListingFactory(realtor=wei, status="hidden")

    assert may(services.hide_listing, shown, reason="Odd", by=actor) is (who in OVERSEE)
    assert may(services.restore_listing, hidden, reason="Fine", by=actor) is (who in OVERSEE)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_a_draft(wei, people, who):
    ListingFactory(realtor=wei, status="draft")

    assert Listing.objects.visible_to(people[who]).exists() is (who in RUN)


def test_whose_store_it_is_cannot_put_back_what_an_operator_took_down():
    user = UserFactory(provider=True)
    alone = services.settle_in(user, by=SYSTEM, at=NOW)
    hidden = ListingFactory(realtor=alone, status="hidden")

    assert not may(services.restore_listing, hidden, reason="Mine", by=Actor.of(user))
    assert may(services.edit_listing, hidden, title="Better", by=Actor.of(user))


def test_nobody_writes_in_the_name_of_another(wei):
    ming, stranger = RealtorFactory(store=wei.store), RealtorFactory()
    facts = {"kind": "service", "title": "Mine", "price": 1, "price_unit": "visit"}

    for other in (ming, stranger):
        assert not may(services.create_listing, **facts, realtor=other, by=Actor.of(wei.user))
    assert not may(services.create_listing, **facts, store=stranger.store, by=Actor.of(wei.user))
    assert not Listing.objects.exists()
