"""What somebody offers: written as a draft, shown, changed, and taken back."""

from decimal import Decimal

import pytest

from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.history import versions_of
from realtors import services
from realtors.errors import ListingMoved
from realtors.models import Listing, ListingStatus
from tests.factories import ListingFactory, RealtorFactory, StoreFactory, UserFactory

from .conftest import NOW

FLAT = {
    "kind": "house",
    "title": "Two rooms by the river",
    "price": Decimal("6500.00"),
    "price_unit": "month",
    "attributes": {"rooms": 2, "area": "80.50", "district": " 浦东 ", "lift": True},
}


def by(realtor):
    return Actor.of(realtor.user)


def errors_of(refused):
    return {name: [str(one) for one in told] for name, told in refused.value.errors.items()}


def test_a_provider_writes_a_draft_of_their_own(wei):
    flat = services.create_listing(**FLAT, by=by(wei), at=NOW)

    assert (flat.realtor, flat.store, flat.status) == (wei, wei.store, ListingStatus.DRAFT)
    assert flat.attributes == {"rooms": 2, "area": 80.5, "district": "浦东", "lift": True}
    assert not Listing.objects.open_to_public().exists()
    assert versions_of(flat).get().history_user == wei.user


def test_a_manager_writes_for_the_store_or_for_somebody_there(wei, hua):
    manager = Actor.of(hua)

    whoever = services.create_listing(**FLAT, store=wei.store, by=manager, at=NOW)
    weis = services.create_listing(**FLAT, store=wei.store, realtor=wei, by=manager, at=NOW)

    assert (whoever.realtor, weis.realtor) == (None, wei)


def test_a_manager_says_in_which_store(hua):
    with pytest.raises(Invalid) as refused:
        services.create_listing(**FLAT, by=Actor.of(hua), at=NOW)

    assert set(refused.value.errors) == {"store"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"price": Decimal(-1)}, "price"),
        ({"price_unit": "kilo"}, "price_unit"),
        ({"capacity": 0}, "capacity"),
        ({"duration_minutes": 7}, "duration_minutes"),
        ({"deposit_percent": 101}, "deposit_percent"),
        ({"attributes": {"species": ["dog"]}}, "attributes"),
        ({"attributes": {"rooms": 51}}, "attributes"),
        ({"attributes": {"rooms": True}}, "attributes"),
        ({"attributes": {"area": "NaN"}}, "attributes"),
        ({"attributes": ["rooms"]}, "attributes"),
        ({"kind": "course", "price_unit": "session", "attributes": {}}, "duration_minutes"),
        ({"kind": "course", "attributes": {}, "duration_minutes": 60}, "price_unit"),
        ({"tags": ["x" * 21]}, "tags"),
        ({"tags": [f"t{n}" for n in range(11)]}, "tags"),
        ({"latitude": Decimal("31.2")}, "latitude"),
    ],
    ids=repr,
)
def test_what_cannot_be_booked_or_charged_is_refused_by_field(wei, facts, field):
    with pytest.raises(Invalid) as refused:
        services.create_listing(**(FLAT | facts), by=by(wei), at=NOW)

    assert set(refused.value.errors) == {field}
    assert not Listing.objects.exists()


def test_a_course_needs_its_teacher(wei, hua):
    lesson = {"title": "Piano", "price": 100, "price_unit": "session", "duration_minutes": 45}

    with pytest.raises(Invalid) as refused:
        services.create_listing(kind="course", store=wei.store, **lesson, by=Actor.of(hua), at=NOW)

    assert errors_of(refused) == {"realtor": ["A course needs its teacher."]}


def test_publishing_shows_it_to_everybody_and_withdrawing_to_nobody(wei):
    flat = services.create_listing(**FLAT, by=by(wei), at=NOW)

    shown = services.publish_listing(flat, by=by(wei), at=NOW)
    assert list(Listing.objects.open_to_public()) == [shown]
    assert shown.published_at == NOW

    services.withdraw_listing(flat, by=by(wei), at=NOW)
    assert not Listing.objects.open_to_public().exists()
    with pytest.raises(ListingMoved):
        services.withdraw_listing(flat, by=by(wei), at=NOW)


def test_who_shows_it_twice_hears_so(wei):
    flat = ListingFactory(realtor=wei)

    with pytest.raises(ListingMoved):
        services.publish_listing(flat, by=by(wei), at=NOW)


def test_whoever_shows_it_again_does_not_stand_among_the_newest(wei):
    flat = services.create_listing(**FLAT, by=by(wei), at=NOW)
    services.publish_listing(flat, by=by(wei), at=NOW)
    services.withdraw_listing(flat, by=by(wei), at=NOW.replace(day=3))

    assert services.publish_listing(flat, by=by(wei), at=NOW.replace(day=4)).published_at == NOW


@pytest.mark.parametrize("gone", ["store", "realtor", "account"])
def test_nobody_sees_what_is_offered_by_whoever_is_not_there(wei, gone):
    ListingFactory(realtor=wei)
    row = {"store": wei.store, "realtor": wei, "account": wei.user}[gone]
    row.is_active = False
    row.save()

    assert not Listing.objects.open_to_public().exists()


def test_only_what_is_named_changes(wei):
    flat = services.create_listing(**FLAT, by=by(wei), at=NOW)

    changed = services.edit_listing(flat, price=Decimal(7000), by=by(wei), at=NOW)

    assert (changed.title, changed.price) == (FLAT["title"], 7000)
    assert [one.price for one in versions_of(flat)] == [7000, 6500]


@pytest.mark.parametrize("name", ["status", "rating", "review_count", "hidden_reason", "currency"])
def test_what_is_reckoned_or_decided_cannot_be_told(wei, name):
    with pytest.raises(TypeError):
        services.edit_listing(ListingFactory(realtor=wei), **{name: 5}, by=by(wei), at=NOW)


def test_a_listing_is_not_given_to_a_colleague_by_whose_it_is(wei):
    flat, ming = ListingFactory(realtor=wei), RealtorFactory(store=wei.store)

    with pytest.raises(Forbidden):
        services.edit_listing(flat, realtor=ming, by=by(wei), at=NOW)


def test_it_changes_hands_by_its_manager_while_nothing_is_booked(wei, hua):
    flat, ming = ListingFactory(realtor=wei), RealtorFactory(store=wei.store)

    assert services.edit_listing(flat, realtor=ming, by=Actor.of(hua), at=NOW).realtor == ming


def test_whose_it_is_stays_while_a_session_is_planned(wei, hua):
    lesson, ming = ListingFactory(realtor=wei, course=True), RealtorFactory(store=wei.store)
    lesson.sessions.create(
        store=wei.store,
        realtor=wei,
        starts_at=NOW.replace(day=3),
        ends_at=NOW.replace(day=3, hour=7),
        capacity=8,
        created_at=NOW,
        updated_at=NOW,
    )

    with pytest.raises(Invalid) as refused:
        services.edit_listing(lesson, realtor=ming, by=Actor.of(hua), at=NOW)

    assert set(refused.value.errors) == {"realtor"}
    assert services.edit_listing(lesson, price=90, by=Actor.of(hua), at=NOW).price == 90


def test_nobody_works_in_two_stores(wei, hua):
    elsewhere = RealtorFactory(store=StoreFactory())

    with pytest.raises(Invalid) as refused:
        services.edit_listing(
            ListingFactory(realtor=wei), realtor=elsewhere, by=Actor.of(hua), at=NOW
        )

    assert errors_of(refused) == {"realtor": ["They work in another store."]}


def test_staff_take_one_down_and_say_why(wei, hua):
    flat = ListingFactory(realtor=wei)

    hidden = services.hide_listing(flat, reason="Photos of another flat", by=Actor.of(hua), at=NOW)

    assert (hidden.status, hidden.hidden_reason) == ("hidden", "Photos of another flat")
    assert not Listing.objects.open_to_public().exists()
    with pytest.raises(ListingMoved) as refused:
        services.publish_listing(flat, by=by(wei), at=NOW)
    assert "Only staff" in str(refused.value)
    with pytest.raises(ListingMoved):
        services.withdraw_listing(flat, by=by(wei), at=NOW)


def test_staff_put_it_back_and_every_reason_can_be_found_later(wei, hua):
    flat, staff = ListingFactory(realtor=wei), Actor.of(hua)

    services.hide_listing(flat, reason="Photos of another flat", by=staff, at=NOW)
    services.restore_listing(flat, reason="They are of this one", by=staff, at=NOW)
    services.edit_listing(flat, price=90, by=by(wei), at=NOW)

    assert Listing.objects.open_to_public().get() == flat
    steps = [(one.status, one.hidden_reason) for one in versions_of(flat).order_by("pk")]
    assert ("hidden", "Photos of another flat") in steps
    assert ("published", "They are of this one") in steps


def test_staff_say_why(wei, hua):
    flat, staff = ListingFactory(realtor=wei), Actor.of(hua)

    for reason in ("", "  ", "x" * 201):
        with pytest.raises(Invalid):
            services.hide_listing(flat, reason=reason, by=staff, at=NOW)
    with pytest.raises(ListingMoved):
        services.restore_listing(flat, reason="Why not", by=staff, at=NOW)


def test_a_draft_cannot_be_taken_down(wei, hua):
    flat = services.create_listing(**FLAT, by=by(wei), at=NOW)

    with pytest.raises(ListingMoved):
        services.hide_listing(flat, reason="Odd", by=Actor.of(hua), at=NOW)


def test_an_unknown_customer_writes_nothing():
    with pytest.raises(Forbidden):
        services.create_listing(**FLAT, by=Actor.of(UserFactory()), at=NOW)
    with pytest.raises(Forbidden):
        services.create_listing(**FLAT, by=Actor.guest(), at=NOW)
