"""What few ratings are worth beside many: the arithmetic, and the same in SQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from booking_site.common.ratings import WEIGHT, weighed
from realtors.models import Realtor
from stores.models import Store
from tests.callers import caller, data_of
from tests.factories import RealtorFactory, StoreFactory

stars = some.floats(1, 5)
counts = some.integers(0, 100_000)


@given(stars, counts, stars)
def test_it_lies_between_one_s_own_and_everybody_s(mean, count, prior):
    low, high = sorted((mean, prior))

    assert low - 1e-9 <= weighed(mean, count, prior=prior) <= high + 1e-9


@given(stars, stars)
def test_nobody_s_word_yet_is_everybody_s_mean(mean, prior):
    assert weighed(mean, 0, prior=prior) == pytest.approx(prior)


@given(stars, counts, stars)
def test_more_voices_of_the_same_bring_it_nearer_to_them(mean, count, prior):
    now, later = (abs(weighed(mean, n, prior=prior) - mean) for n in (count, count + 1))

    assert later <= now + 1e-9


@given(stars, counts, stars, some.floats(0, 1))
def test_better_ratings_never_make_it_worse(mean, count, prior, more):
    better = min(5.0, mean + more)

    assert weighed(better, count, prior=prior) >= weighed(mean, count, prior=prior) - 1e-9


@given(stars, stars)
def test_own_ratings_weigh_half_at_the_weight(mean, prior):
    assert weighed(mean, WEIGHT, prior=prior) == pytest.approx((mean + prior) / 2)


FIGURES = [("4.80", 100), ("5.00", 1), ("0", 0), ("3.00", 40), ("4.80", 5), ("1.00", 2)]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "make"), [(Store, StoreFactory), (Realtor, RealtorFactory)])
def test_the_database_reckons_the_same(model, make):
    rows = [make(rating=rating, review_count=count) for rating, count in FIGURES]
    total = sum(float(rating) * count for rating, count in FIGURES)
    prior = total / sum(count for _rating, count in FIGURES)

    found = list(model.objects.filter(pk__in=[row.pk for row in rows]).best_first())

    for row in found:
        expected = weighed(float(row.rating), row.review_count, prior=prior)
        assert row.score == pytest.approx(expected)
    assert [row.score for row in found] == sorted((row.score for row in found), reverse=True)
    # A hundred voices stand before one that is full of praise, and nobody's word before blame.
    assert (str(found[0].rating), found[0].review_count) == ("4.80", 100)
    assert (float(found[-1].rating), found[-1].review_count) == (3.0, 40)


@pytest.mark.django_db
def test_where_nobody_has_said_anything_the_oldest_stands_first():
    rows = [StoreFactory() for _one in range(3)]

    found = list(Store.objects.best_first())

    assert found == rows
    assert {row.score for row in found} == {0.0}


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "make"), [("stores", StoreFactory), ("realtors", RealtorFactory)])
def test_the_lists_of_the_api_can_be_had_the_best_first(path, make):
    worse, better = (make(rating=stars, review_count=20) for stars in ("3.10", "4.70"))

    def ids(**query):
        return [row["id"] for row in data_of(caller().get(path, **query))]

    assert ids() == [str(worse.pk), str(better.pk)]
    assert ids(sort="rating") == [str(better.pk), str(worse.pk)]
    assert ids(sort="") == ids()
    assert caller().get(path, sort="price").status_code == 400
