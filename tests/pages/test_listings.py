"""Lists of listings, and the page of one: found, narrowed, read, and booked from."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from realtors.models import Listing, ListingPicture, Realtor
from stores.models import Category, Store
from tests.appointments import world
from tests.appointments.courses import paid_seat, session_at
from tests.factories import ListingFactory, UserFactory

from .shops import open_shop
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("categories")
LISTS = {
    "house": "/houses/",
    "course": "/courses/",
    "boarding": "/boarding/",
    "service": "/services/",
}


@pytest.fixture
def wei(db: None) -> Realtor:
    return world.hire(open_shop("Shop"), "Wei")


def put(title: str, wei: Realtor, **facts: object) -> Listing:
    return ListingFactory(title=title, realtor=wei, **facts)


def titles(page: str) -> list[str]:
    return re.findall(r'class="cover-link" href="/listings/\d+/">([^<]+)<', page)


def with_picture(listing: Listing, caption: str = "") -> ListingPicture:
    return ListingPicture.objects.create(
        listing=listing,
        key=f"{listing.pk:032x}",
        caption=caption,
        width=640,
        height=480,
        created_at=listing.created_at,
    )


@pytest.mark.parametrize("kind", LISTS)
def test_each_kind_has_a_list_of_its_own(lan: Visitor, wei: Realtor, kind: str):
    for one in LISTS:
        put(f"A {one}", wei, kind=one, duration_minutes=60)

    assert titles(lan.look(LISTS[kind])) == [f"A {kind}"]


@pytest.mark.parametrize("kind", LISTS)
def test_an_empty_list_says_so_and_leads_on(lan: Visitor, db: None, kind: str):
    page = lan.look(LISTS[kind])

    assert "Nothing is offered here yet" in page
    assert 'href="/stores/"' in page


def test_a_card_says_what_where_and_how_much(lan: Visitor, wei: Realtor):
    flat = put(
        "River view",
        wei,
        house=True,
        price="6500.00",
        attributes={"rooms": 2, "area": 80.5, "district": "Pudong"},
    )
    with_picture(flat)

    page = lan.look("/houses/")

    assert "2 rooms · 80.5 m²" in page
    assert "Pudong · Shop" in page
    assert "¥6,500 a month" in page
    assert f"/listings/pictures/{flat.pk:032x}/small.jpg" in page


def test_filters_are_kept_by_every_link_and_form(lan: Visitor, wei: Realtor):
    for number in range(14):
        put(f"Flat {number}", wei, house=True, price=100, attributes={"rooms": 3})
    put("Too dear", wei, house=True, price=900, attributes={"rooms": 3})
    put("Too small", wei, house=True, price=100, attributes={"rooms": 1})

    page = lan.look("/houses/", rooms_min="2", price_max="500", sort="price")

    assert "14 listings" in page
    assert "?sort=price&amp;price_max=500&amp;rooms_min=2&amp;page=2" in page
    assert '<input type="hidden" name="rooms_min" value="2">' in page
    assert (
        'name="price_max" inputmode="numeric" maxlength="8" autocomplete="off" value="500"' in page
    )
    assert len(titles(page)) == 12
    second = lan.look("/houses/", rooms_min="2", price_max="500", sort="price", page="2")
    assert len(titles(second)) == 2


def test_what_matches_nothing_can_be_taken_back_one_by_one(lan: Visitor, wei: Realtor):
    put("Flat", wei, house=True, price=100)

    page = lan.look("/houses/", q="castle", price_max="50", rooms_min="9")

    assert "Nothing matches" in page
    assert 'href="?price_max=50&amp;rooms_min=9"' in page
    assert 'href="?q=castle&amp;rooms_min=9"' in page
    assert 'href="?q=castle&amp;price_max=50"' in page


def test_courses_for_an_age_and_boarding_for_an_animal(lan: Visitor, wei: Realtor):
    put("Toddlers", wei, course=True, attributes={"age_from": 2, "age_to": 4})
    put("Grown", wei, course=True, attributes={"age_from": 18})
    put("Dogs", wei, boarding=True, attributes={"species": ["dog"]})

    assert titles(lan.look("/courses/", age="3")) == ["Toddlers"]
    assert titles(lan.look("/boarding/", species="cat")) == []
    assert titles(lan.look("/boarding/", species="dog", size="")) == ["Dogs"]
    # Of another kind of list it means nothing.
    assert titles(lan.look("/boarding/", age="3", rooms_min="9")) == ["Dogs"]


def test_the_nearest_comes_first_and_says_how_far_it_is(lan: Visitor, wei: Realtor):
    put("Far", wei, latitude="30.30", longitude="120.30")
    put("Near", wei, latitude="30.2565", longitude="120.1635")

    page = lan.look("/services/", lat="30.2465", lng="120.1635")

    assert titles(page) == ["Near", "Far"]
    assert "1.1 km" in page
    assert titles(lan.look("/services/", lat="30.2465", lng="120.1635", within="5")) == ["Near"]


def test_a_category_narrows_and_is_taken_back(lan: Visitor, wei: Realtor):
    put("Tutor", wei, category=Category.objects.get(slug="education"))
    put("Windows", wei)

    page = lan.look("/services/", category="education")

    assert titles(page) == ["Tutor"]
    assert 'href="/services/?" aria-current="true"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"price_min": "-1", "price_max": "9" * 40},
        {"rooms_min": "many", "area_max": "1e9"},
        {"category": "nowhere", "sort": "beauty", "page": "minus"},
        {"district": "\x00", "q": "<script>alert(1)</script>"},
        {"lat": "nan", "lng": "inf", "within": "7"},
        {"species": "dragon", "level": "'", "age": "①"},
    ],
    ids=repr,
)
@pytest.mark.parametrize("address", LISTS.values())
def test_an_odd_address_is_an_ordinary_page(
    lan: Visitor, wei: Realtor, address: str, query: dict[str, str]
):
    put("Windows", wei)

    assert "<script>alert" not in lan.look(address, **query)


@pytest.mark.parametrize("many", [1, 30])
def test_a_list_needs_few_queries_however_long_it_is(lan: Visitor, wei: Realtor, many: int):
    for number in range(many):
        with_picture(put(f"Flat {number}", wei, house=True))

    with CaptureQueriesContext(connection) as queries:
        lan.look("/houses/", lat="31", lng="121")

    assert len(queries) <= 6, [query["sql"][:90] for query in queries]


# --- One of them


def test_the_page_says_what_it_is_what_it_costs_and_who_offers_it(lan: Visitor, wei: Realtor):
    flat = put(
        "River view",
        wei,
        house=True,
        price="6500.50",
        description="Bright.\n\nQuiet.",
        tags=["near the metro"],
        attributes={"rooms": 2, "area": 80.5, "lift": True, "furnished": False},
    )
    with_picture(flat, "The kitchen")

    page = lan.look(f"/listings/{flat.pk}/")

    assert "¥6,500.50 a month" in page
    assert "<p>Bright.</p>" in page
    assert "<dt>Area in m²</dt><dd>80.5</dd>" in page
    assert "<dt>Lift</dt><dd>yes</dd>" in page
    assert "Furnished" not in page
    assert "near the metro" in page
    assert 'alt="The kitchen"' in page
    assert f'href="/houses/{flat.pk}/viewing/"' in page
    assert f"/chat/new/?to={wei.user_id}&amp;listing={flat.pk}" in page
    assert "You can cancel or move it free of charge until it starts." in page


def test_its_own_rules_of_cancelling_stand_there(lan: Visitor, wei: Realtor):
    lesson = put("Lesson", wei, fee_steps=[[1440, 50]])

    assert "after that it costs 50% of the price" in lan.look(f"/listings/{lesson.pk}/")


def test_a_course_leads_to_its_sessions_and_a_stores_service_to_its_times(
    lan: Visitor, wei: Realtor
):
    lesson, anybodys = put("Piano", wei, course=True), put("Cleaning", wei)
    Listing.objects.filter(pk=anybodys.pk).update(realtor=None)

    assert f'href="/courses/{lesson.pk}/"' in lan.look(f"/listings/{lesson.pk}/")
    assert f'href="/services/{anybodys.pk}/order/"' in lan.look(f"/listings/{anybodys.pk}/")
    assert "whoever of" in lan.look(f"/services/{anybodys.pk}/order/")


def test_every_kind_says_how_it_is_booked(lan: Visitor, wei: Realtor):
    flat, kennel = put("Flat", wei, house=True), put("Kennel", wei, boarding=True)
    piano = put("Piano", wei, course=True)

    assert "Viewing costs nothing." in lan.look(f"/listings/{flat.pk}/")
    assert f'href="/boarding/{kennel.pk}/"' in lan.look(f"/listings/{kennel.pk}/")
    assert "When you book, say" not in lan.look(f"/listings/{piano.pk}/")


def test_a_draft_is_seen_by_whose_it_is_and_by_nobody_else(lan: Visitor, wei: Realtor):
    draft = put("Draft", wei, status="draft")
    address = f"/listings/{draft.pk}/"
    stranger, own = Client(), Client(headers={"accept-language": "en"})
    stranger.force_login(UserFactory())
    own.force_login(wei.user)

    assert lan.client.get(address).status_code == 404
    assert stranger.get(address).status_code == 404
    page = own.get(address).content.decode()
    assert "Only you see this" in page
    assert "/courses/" not in page
    assert "#times" not in page


def test_whose_it_is_reads_there_why_it_was_taken_down(wei: Realtor):
    hidden = put("Flat", wei, status="hidden", hidden_reason="No such flat")
    own = Client(headers={"accept-language": "en"})
    own.force_login(wei.user)

    page = own.get(f"/listings/{hidden.pk}/").content.decode()

    assert "Taken down by staff" in page
    assert "No such flat" in page


def test_the_page_needs_few_queries(lan: Visitor, wei: Realtor):
    flat = put("River view", wei, house=True, category=Category.objects.first())
    with_picture(flat)

    with CaptureQueriesContext(connection) as queries:
        lan.look(f"/listings/{flat.pk}/")

    assert len(queries) <= 6, [query["sql"][:90] for query in queries]


def test_home_the_store_the_realtor_and_the_search_lead_there(lan: Visitor, wei: Realtor):
    flat = put("River view", wei, house=True)
    store: Store = wei.store

    assert 'href="/houses/"' in lan.look("/")
    assert 'href="/courses/"' not in lan.look("/")
    assert f'href="/stores/{store.pk}/listings/"' in lan.look(f"/stores/{store.pk}/")
    for address in (f"/stores/{store.pk}/listings/", f"/realtors/{wei.pk}/"):
        assert titles(lan.look(address)) == ["River view"]
    assert f'href="/listings/{flat.pk}/"' in lan.look("/search/suggestions", q="river")


def test_what_a_store_that_is_not_there_offers_is_not_there(lan: Visitor, db: None):
    assert lan.client.get("/stores/999/listings/").status_code == 404
    assert lan.client.get("/listings/999/").status_code == 404


def test_reviews_of_it_are_read_on_a_page_of_their_own(lan: Visitor, wei: Realtor):
    flat = put("River view", wei)

    assert "Reviews of River view" in lan.look(f"/listings/{flat.pk}/reviews/")


def test_a_course_in_a_list_says_when_it_can_be_joined_next(lan: Visitor, wei: Realtor):
    """The first session that has a place, not one that is full."""
    course = put("Piano", wei, course=True, capacity=1, needs_approval=False)
    paid_seat(session_at(course, world.clock("14:00")), world.register("Fang"))
    assert "Next:" not in lan.look("/courses/")

    session_at(course, world.clock("16:00"))

    assert "Next: today 16:00 · 1 place left" in lan.look("/courses/")


def test_a_list_of_courses_needs_few_queries_however_long_it_is(lan: Visitor, wei: Realtor):
    for number in range(9):
        session_at(put(f"Course {number}", wei, course=True), world.clock(f"{9 + number:02}:00"))

    with CaptureQueriesContext(connection) as queries:
        lan.look("/courses/")

    assert len(queries) <= 9, [query["sql"][:90] for query in queries]
