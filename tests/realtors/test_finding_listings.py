"""What fits, and in which order: the same on every database."""

from decimal import Decimal

import pytest

from booking_site.common.places import Point
from realtors.models import Listing
from realtors.selectors import ListingWish, cities_with, counted_by_kind, matching_listings
from stores.models import Category
from tests.factories import ListingFactory, RealtorFactory, StoreFactory

from .conftest import NOW

BUND = Point(31.24, 121.49)


def found(**wish):
    rows = matching_listings(Listing.objects.open_to_public(), ListingWish(**wish))
    return [one.title for one in rows]


def put(title, **facts):
    return ListingFactory(title=title, **facts)


def test_houses_by_rooms_area_and_district():
    put("Studio", house=True, attributes={"rooms": 1, "area": 30, "district": "静安"})
    put("Family", house=True, attributes={"rooms": 3, "area": 110.5, "district": "浦东"})
    put("Nothing said", house=True)

    assert found(particulars={"rooms": 3}) == ["Family"]
    assert found(particulars={"rooms_min": 1}) == ["Studio", "Family"]
    assert found(particulars={"rooms_min": 2, "area_max": 200}) == ["Family"]
    assert found(particulars={"area_min": 110.5}) == ["Family"]
    assert found(particulars={"area_max": 30}) == ["Studio"]
    assert found(particulars={"district": "浦"}) == ["Family"]
    assert found(particulars={"district": "%"}) == []


def test_houses_by_what_is_in_them():
    put("Both", house=True, attributes={"furnished": True, "lift": True})
    put("Neither", house=True, attributes={"furnished": False, "lift": False})
    put("Nothing said", house=True)

    assert found(particulars={"furnished": True}) == ["Both"]
    assert found(particulars={"lift": True, "furnished": True}) == ["Both"]
    assert found(particulars={"lift": False}) == ["Neither", "Nothing said"]
    assert found(particulars={"furnished": True, "lift": False}) == []


def test_boarding_by_vaccination():
    put("Strict", boarding=True, attributes={"vaccination_needed": True})
    put("Easy", boarding=True)

    assert found(particulars={"vaccination_needed": True}) == ["Strict"]
    assert found(particulars={"vaccination_needed": False}) == ["Easy"]


def test_courses_by_age_and_level():
    put("Toddlers", course=True, attributes={"age_from": 2, "age_to": 4})
    put("Grown", course=True, attributes={"age_from": 18, "level": "advanced"})
    put("Anybody", course=True)

    assert found(particulars={"age": 4}) == ["Toddlers", "Anybody"]
    assert found(particulars={"age": 5}) == ["Anybody"]
    assert found(particulars={"age": 99}) == ["Grown", "Anybody"]
    assert found(particulars={"level": "advanced"}) == ["Grown"]


def test_boarding_by_animal_and_size():
    put("Dogs", boarding=True, attributes={"species": ["dog"], "sizes": ["small", "large"]})
    put("Both", boarding=True, attributes={"species": ["dog", "cat"], "sizes": ["small"]})

    assert found(particulars={"species": "dog"}) == ["Dogs", "Both"]
    assert found(particulars={"species": "cat"}) == ["Both"]
    assert found(particulars={"species": "cat", "size": "large"}) == []
    assert found(particulars={"species": "bird"}) == []
    put("Anything", boarding=True, attributes={})
    assert found(particulars={"species": "bird", "size": "large"}) == ["Anything"]


def test_by_kind_category_city_price_and_whose():
    cleaning = Category.objects.get_or_create(slug="housekeeping", defaults={"name": "家政"})[0]
    wei = RealtorFactory(store=StoreFactory(city="杭州"))
    put("Windows", realtor=wei, category=cleaning, price=80)
    put("Flat", house=True, price=Decimal("80.01"))

    assert found(kind="house") == ["Flat"]
    assert found(category="housekeeping") == ["Windows"]
    assert found(city="杭州") == ["Windows"]
    assert found(price_max=Decimal(80)) == ["Windows"]
    assert found(price_min=Decimal("80.01")) == ["Flat"]
    assert found(store_id=wei.store_id) == found(realtor_id=wei.pk) == ["Windows"]


def test_by_words_all_of_which_must_be_said_somewhere():
    wei = RealtorFactory(name="Wei", store=StoreFactory(city="杭州"))
    put("Piano for beginners", realtor=wei)
    put("Violin", description="Also some piano.")

    assert found(words=("PIANO",)) == ["Piano for beginners", "Violin"]
    assert found(words=("piano", "wei")) == ["Piano for beginners"]
    assert found(words=("杭", "piano")) == ["Piano for beginners"]
    assert found(words=("piano", "drums")) == []
    assert found(words=("%",)) == []


def test_the_nearest_first_by_its_own_place_or_its_stores():
    near = StoreFactory(latitude="31.2401", longitude="121.4901")
    put("Unknown")
    put("At the store", realtor=RealtorFactory(store=near))
    put("Farther", latitude="31.30", longitude="121.50")
    put("Own place", realtor=RealtorFactory(store=near), latitude="31.25", longitude="121.49")

    order = ["At the store", "Own place", "Farther", "Unknown"]
    assert found(place=BUND, sort="distance") == order
    assert found(place=BUND, within=2, sort="distance") == order[:2]
    assert found(place=BUND, within=10, sort="distance") == order[:3]


def test_kilometres_are_those_of_the_formula():
    put("Far", latitude="40.712800", longitude="-74.006000")
    put("Here", latitude="31.240000", longitude="121.490000")

    rows = matching_listings(Listing.objects.all(), ListingWish(place=BUND))
    away = {one.title: one.away for one in rows}

    assert away["Here"] == pytest.approx(0, abs=1e-6)
    assert away["Far"] == pytest.approx(BUND.kilometres_to(Point(40.7128, -74.006)), rel=1e-9)


def test_a_circle_reaches_over_the_date_line():
    put("East of it", latitude="0", longitude="-179.95")
    put("West of it", latitude="0", longitude="179.95")

    place = Point(0, 179.99)
    assert found(place=place, within=20, sort="distance") == ["West of it", "East of it"]


def test_sorting_by_price_by_newness_and_by_rating():
    put("Loved", price=30, rating="4.80", review_count=100, published_at=NOW.replace(day=1))
    put("One voice", price=10, rating="5.00", review_count=1, published_at=NOW.replace(day=2))
    put("Poor", price=20, rating="2.00", review_count=90, published_at=NOW.replace(day=3))

    assert found(sort="price") == ["One voice", "Poor", "Loved"]
    assert found(sort="newest") == ["Poor", "One voice", "Loved"]
    assert found(sort="rating") == ["Loved", "One voice", "Poor"]


def test_how_many_there_are_of_each_kind_and_in_which_cities():
    put("A", house=True, realtor=RealtorFactory(store=StoreFactory(city="杭州")))
    put("B", house=True)
    put("C", house=True)
    put("D", course=True, status="draft")

    assert counted_by_kind() == {"house": 3}
    assert cities_with("house") == [("上海", 2), ("杭州", 1)]
