"""Customers who say at the same moment how it was: each counts, and nobody twice."""

from decimal import Decimal
from functools import partial

import pytest

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from reviews.models import Review
from reviews.services import write_review
from tests.appointments import world

from .together import codes, together

pytestmark = pytest.mark.django_db(transaction=True)
STARS = (5, 4, 3, 5, 1, 5, 4, 2)


def visits(realtor, count):
    """So many guests, served one after the other."""
    done = []
    for place, phone in enumerate(world.phones(count)):
        start = world.clock(f"{9 + place:02}:00")
        visit = world.running(realtor.store, start, realtor=realtor, phone=phone)
        done.append(services.complete(visit, by=SYSTEM, at=visit.ends_at))
    return done


def word(visit, rating):
    by = world.owner(visit)
    return partial(write_review, visit, rating=rating, comment="", by=by, at=visit.ends_at)


@pytest.mark.parametrize("_round", range(3))
def test_the_ratings_of_eight_at_once_are_their_mean(_round):
    store = world.open_store()
    wei = world.hire(store, "Wei")
    eight = visits(wei, len(STARS))

    outcomes = together(*(word(visit, stars) for visit, stars in zip(eight, STARS, strict=True)))

    assert codes(outcomes) == ["done"] * len(STARS)
    for row in (wei, store):
        row.refresh_from_db()
        assert (row.rating, row.review_count) == (Decimal("3.63"), len(STARS))


@pytest.mark.parametrize("_round", range(3))
def test_of_four_words_on_one_visit_one_stays(_round):
    store = world.open_store()
    wei = world.hire(store, "Wei")
    (visit,) = visits(wei, 1)
    same = [type(visit).objects.get(pk=visit.pk) for _one in range(4)]

    outcomes = together(*(word(one, stars) for one, stars in zip(same, (1, 2, 3, 4), strict=True)))

    assert codes(outcomes) == ["done", *["invalid_transition"] * 3]
    wei.refresh_from_db()
    assert (wei.rating, wei.review_count) == (Decimal(Review.objects.get().rating), 1)


@pytest.mark.parametrize("_round", range(3))
def test_who_leaves_while_they_write_leaves_no_words(_round):
    store = world.open_store()
    wei = world.hire(store, "Wei")
    fang = world.register("Fang")
    visit = world.running(store, world.clock("09:00"), realtor=wei, customer=fang)
    services.complete(visit, by=SYSTEM, at=visit.ends_at)
    by = Actor.of(fang)

    together(
        partial(write_review, visit, rating=2, comment="Mine.", by=by, at=visit.ends_at),
        partial(erase_account, fang, by=by, at=visit.ends_at),
    )

    assert not Review.objects.exclude(user=None, comment="").exists()
    wei.refresh_from_db()
    assert wei.review_count == Review.objects.count()
