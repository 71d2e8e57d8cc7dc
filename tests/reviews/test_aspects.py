"""Stars for one side of a visit, each if one likes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Invalid
from reviews.models import ReviewAspect
from reviews.selectors import summary_of
from reviews.services import hide
from tests.appointments import world

from .visits import say, served


def told(review):
    return {one.aspect: one.stars for one in review.aspects.all()}


def test_some_of_them_are_enough(wei):
    review = say(served(wei), 4, aspects={"manner": 5, "punctuality": 2})

    assert told(review) == {"punctuality": 2, "manner": 5}


@pytest.mark.parametrize("aspects", [{"beauty": 5}, {"manner": 0}, {"manner": 6}])
def test_what_is_no_aspect_is_refused(wei, aspects):
    with pytest.raises(Invalid) as refusal:
        say(served(wei), 4, aspects=aspects)

    assert set(refusal.value.errors) == {"aspects"}


def test_the_database_itself_holds_each_once_with_one_to_five_stars(wei):
    review = say(served(wei), 4, aspects={"manner": 5})

    for aspect, stars in (("manner", 4), ("skill", 0), ("skill", 6)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewAspect.objects.create(review=review, aspect=aspect, stars=stars)


def test_a_summary_holds_the_mean_of_each_of_what_is_shown(store, wei, ming):
    say(served(wei, "09:00"), 5, aspects={"skill": 5, "manner": 4})
    say(served(wei, "11:00"), 4, aspects={"skill": 4})
    say(served(ming, "13:00"), 1, aspects={"skill": 1, "value": 1})
    hidden = say(served(wei, "15:00"), 1, aspects={"skill": 1, "value": 1})
    hide(hidden, reason="Spam.", by=SYSTEM, at=world.clock("17:00"))
    for row in (store, wei):
        row.refresh_from_db()

    def means(whose):
        found = summary_of(whose, aspects=True).aspects
        return {one.aspect.value: (one.mean, one.count) for one in found}

    assert means(wei) == {"manner": (Decimal("4.00"), 1), "skill": (Decimal("4.50"), 2)}
    assert means(store)["skill"] == (Decimal("3.33"), 3)
    assert summary_of(store).aspects == ()
