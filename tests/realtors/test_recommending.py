"""Which houses are shown first, to whom, and why; and every one of them once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from realtors.models import Interest, Listing
from realtors.selectors import ListingWish, recommended_for, recommended_houses
from realtors.selectors import recommending_pool as pool
from tests.factories import RealtorFactory, StoreFactory, UserFactory

from .conftest import NOW
from .houses import house, many, reason, seen, titles, took


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory(display_name="Mei")


def test_what_many_took_an_interest_in_comes_first_and_what_is_new_before_the_old():
    house("Old", days=300)
    house("New", days=3)
    many(house("Popular"), "saved", people=9)

    assert seen() == [("Popular", "popular"), ("New", "new"), ("Old", "more")]
    assert reason("Popular") == "9 people took an interest in the last 30 days"
    assert reason("New") == "New here"
    assert reason("Old") == "Also on offer"


def test_what_two_people_did_is_told_to_nobody():
    many(house("Two"), "booked", people=2)

    assert seen() == [("Two", "more")]


def test_what_many_liked_long_ago_is_not_popular_any_more():
    many(house("Once"), "booked", people=9, days=31)
    many(house("Lately"), people=3, days=29)

    assert seen() == [("Lately", "popular"), ("Once", "more")]


def test_a_rating_is_a_reason_and_says_of_how_many():
    house("Loved", rating="4.80", review_count=12)
    house("One voice", rating="5.00", review_count=1)

    assert seen() == [("Loved", "well_rated"), ("One voice", "more")]
    assert reason("Loved") == "4.8 stars from 12 customers"


def test_a_newcomer_sees_what_everybody_sees(mei):
    many(house("Popular"), people=5)
    house("New", days=1)

    assert seen(mei) == seen()


def test_what_is_like_what_they_looked_at_comes_first_and_says_how(mei):
    took(mei, house("Seen", "浦东", rooms=3, price=9000))
    house("Elsewhere", "徐汇", rooms=1, price=2000)
    house("Same district", "浦东", rooms=1, price=2000)
    house("Same rooms", "徐汇", rooms=3, price=2000)
    house("Same price", "徐汇", rooms=1, price=9500)

    assert seen(mei) == [
        ("Same district", "same_place"),
        ("Seen", "viewed"),
        ("Same rooms", "same_rooms"),
        ("Same price", "same_price"),
        ("Elsewhere", "more"),
    ]
    assert reason("Same district", mei) == "Like what you looked at in 浦东"
    assert reason("Same rooms", mei) == "As many rooms as in what you looked at"
    assert reason("Same price", mei) == "Costs about as much as what you looked at"


def test_booked_weighs_more_than_saved_and_saved_more_than_looked_at(mei):
    for district, what in (("A", "viewed"), ("B", "saved"), ("C", "booked")):
        took(mei, house(f"Known in {district}", district, rooms=9, price=90_000), what)
        house(f"In {district}", district)

    assert [title for title in titles(mei) if title.startswith("In")] == ["In C", "In B", "In A"]
    assert reason("In C", mei) == "Like what you booked in C"
    assert reason("In B", mei) == "Like what you saved in B"


def test_what_they_did_lately_counts_more(mei):
    took(mei, house("Long ago", "A", rooms=9, price=90_000), days=200)
    took(mei, house("Lately", "B", rooms=9, price=90_000), days=1)
    house("In A", "A")
    house("In B", "B")

    assert [title for title in titles(mei) if title.startswith("In")] == ["In B", "In A"]


def test_a_district_of_the_same_name_in_another_city_is_another_place(mei):
    far = RealtorFactory(store=StoreFactory(city="南京"))
    took(mei, house("Seen", "鼓楼", rooms=9, price=90_000))
    house("Far", "鼓楼", realtor=far)
    house("Near", "鼓楼")

    assert ("Near", "same_place") in seen(mei)
    assert ("Far", "more") in seen(mei)


def test_what_people_booked_who_booked_the_same_is_shown_and_said(mei):
    same = house("Same", "A")
    took(mei, same, "booked")
    other = house("Other", "Z", rooms=9, price=90_000)
    for friend in many(same, "booked", people=2):
        took(friend, other, "booked")

    assert seen(mei) == [("Other", "also_booked")]
    assert reason("Other", mei) == "People who booked the same as you also booked this"


def test_of_people_who_saved_the_same_it_says_no_more_than_that_they_like_it(mei):
    same = house("Same", "A")
    took(mei, same, "saved")
    other = house("Other", "Z", rooms=9, price=90_000)
    for friend in many(same, "booked", people=2):
        took(friend, other, "booked")

    assert ("Other", "also_liked") in seen(mei)
    assert reason("Other", mei) == "People who like the same as you like this, too"


def test_what_one_single_person_like_them_chose_is_not_given_away(mei):
    """Whoever knows who booked the same would know what else they booked."""
    same = house("Same", "A")
    took(mei, same, "booked")
    other = house("Other", "Z", rooms=9, price=90_000)
    (friend,) = many(same, "booked", people=1)
    took(friend, other, "booked")

    assert seen(mei) == [("Other", "more")]


def test_never_what_they_have_booked_or_passed_over(mei):
    for what in ("booked", "passed_over"):
        flat = house(f"Was {what}")
        many(flat, "saved", people=9)
        took(mei, flat, what)
    house("Left")

    assert titles(mei) == ["Left"]
    assert recommended_for(mei, at=NOW).total == 1


def test_what_they_passed_over_tells_nothing_of_what_they_like(mei):
    took(mei, house("Passed over", "A"), "passed_over")
    house("In A", "A")

    assert seen(mei) == [("In A", "more")]


def test_nobody_is_recommended_what_they_offer_themselves(wei):
    house("Mine", realtor=wei)
    store_owned = house("The store's")
    Listing.objects.filter(pk=store_owned.pk).update(realtor=None)

    assert titles(wei.user) == ["The store's"]
    assert sorted(titles()) == ["Mine", "The store's"]


@pytest.mark.parametrize("who", ["guest", "mei"])
def test_only_what_can_be_had(mei, who):
    gone = RealtorFactory(is_active=False)
    shut = RealtorFactory(store=StoreFactory(is_active=False))
    for flat in (
        house("Draft", status="draft"),
        house("Hidden", status="hidden"),
        house("Gone", realtor=gone),
        house("Shut", realtor=shut),
    ):
        many(flat, "saved", people=9)
        took(mei, flat, "saved")
    house("Open")

    assert titles(mei if who == "mei" else None) == ["Open"]


def test_filters_narrow_and_are_the_reason_where_there_is_no_better_one(mei):
    house("Fits", "浦东新区", rooms=2, price=5000)
    house("Too dear", "浦东新区", rooms=2, price=5001)
    house("Too small", "浦东新区", rooms=1, price=5000)
    house("Elsewhere", "静安", rooms=2, price=5000)
    wish = ListingWish(price_min=4000, price_max=5000, particulars={"district": "浦东", "rooms": 2})

    for user in (None, mei):
        assert seen(user, wish=wish) == [("Fits", "fits")]
    assert reason("Fits", wish=wish) == "Fits what you look for"
    assert recommended_houses(wish, at=NOW).total == 1


def test_other_kinds_are_recommended_in_the_same_way(mei):
    took(mei, house("Flat"), "saved")
    kennel = house("Kennel", kind="boarding", price_unit="night", attributes={})
    many(kennel, people=3)

    assert seen(mei, kinds=("service", "boarding")) == [("Kennel", "popular")]


@pytest.fixture
def small_pool(monkeypatch):
    """So small that what stands behind it is shown, too."""
    monkeypatch.setattr("realtors.selectors.recommending.MOST_NEW", 3)
    monkeypatch.setattr("realtors.selectors.recommending.MOST_ALIKE", 4)


@pytest.mark.parametrize("who", ["guest", "mei"])
def test_page_by_page_comes_every_house_once(mei, small_pool, who):
    flats = [house(f"Flat {n}", f"D{n % 4}", days=50 + n % 5, rooms=n % 3) for n in range(23)]
    for n in (4, 8, 15):
        many(flats[n], "saved", people=3 + n)
    took(mei, flats[16], "saved")
    took(mei, flats[20], "viewed")
    user = mei if who == "mei" else None

    pages = [titles(user, page=number, page_size=5) for number in range(1, 7)]

    assert [len(one) for one in pages] == [5, 5, 5, 5, 3, 0]
    together = [title for one in pages for title in one]
    assert sorted(together) == sorted(flat.title for flat in flats)
    assert together == titles(user, page_size=100)
    assert recommended_houses(at=NOW, page=9, page_size=5).total == 23


def test_the_order_is_total_where_nothing_tells_them_apart():
    flats = [house(f"Flat {number}") for number in range(9)]

    assert titles() == [flat.title for flat in reversed(flats)]


def houses_in_bulk(wei, number: int) -> list[int]:
    Listing.objects.bulk_create(
        (
            Listing(
                kind="house",
                store=wei.store,
                realtor=wei,
                title=f"Flat {n}",
                price=1000 + n % 97 * 100,
                price_unit="month",
                attributes={"rooms": n % 5, "area": 50, "district": f"D{n % 12}"},
                status="published",
                published_at=NOW - timedelta(hours=n),
                created_at=NOW,
                updated_at=NOW,
            )
            for n in range(number)
        ),
        batch_size=2000,
    )
    return list(Listing.objects.order_by("-pk").values_list("pk", flat=True)[:number])


def interest_in_bulk(ids: list[int], users: list[User], number: int) -> None:
    """Everybody in some, most of all in the first ones."""
    kinds = ("viewed", "viewed", "saved", "booked")
    rows = (
        Interest(
            user=users[n % len(users)],
            listing_id=ids[(n // len(users)) * (n % 7 + 1) % len(ids)],
            what=kinds[n % 4],
            at=NOW - timedelta(hours=n % 900),
        )
        for n in range(number)
    )
    Interest.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)


def queries_of(call) -> tuple[int, int]:
    """Of one whole answer, and of one behind everything that was ranked."""
    counts = []
    for page in (1, Listing.objects.count() // 10):
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            call(page=page, at=NOW)
        counts.append(len(found))
    return counts[0], counts[1]


def test_10_000_houses_need_as_many_queries_as_250(wei, mei):
    users = [mei, *User.objects.bulk_create(UserFactory.build_batch(49))]
    ids = houses_in_bulk(wei, 250)
    interest_in_bulk(ids, users, 1000)

    def everybody(**asked):
        return recommended_houses(page_size=10, **asked)

    def personal(**asked):
        return recommended_for(mei, page_size=10, **asked)

    few = queries_of(everybody), queries_of(personal)
    ids = houses_in_bulk(wei, 10_000)
    interest_in_bulk(ids, users, 20_000)
    many_of_them = queries_of(everybody), queries_of(personal)

    assert recommended_houses(at=NOW).total > 10_000
    assert Interest.objects.count() > 8_000
    assert max(many_of_them[0]) <= max(few[0]) <= 6
    assert max(many_of_them[1]) <= max(few[1]) <= 10


def test_what_is_ranked_at_once_is_bounded(wei, mei, monkeypatch):
    """However many houses there are, and however much somebody did."""
    ids = houses_in_bulk(wei, 1500)
    interest_in_bulk(ids, [mei, *UserFactory.create_batch(4)], 2000)
    read = []
    real = pool.candidates

    def counted(rows):
        found = real(rows)
        read.append(len(found))
        return found

    monkeypatch.setattr("realtors.selectors.recommending.candidates", counted)
    recommended_for(mei, at=NOW)

    assert 0 < sum(read) <= 1200
