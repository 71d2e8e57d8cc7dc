"""Customers who say at the same moment how it was, while operators hide what others said: what is
shown counts, each once. The controls run the same without the lock, and find wrong ratings."""

import random
import threading
import time
from datetime import timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle

import pytest
from django.db import connection

from accounts.services import erase_account
from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict
from booking_site.common.files import delete_after_commit
from booking_site.common.transactions import run_in_transaction
from reviews.gateways.pictures import photo_from
from reviews.models import Review, ReviewPhoto, ReviewReport
from reviews.rules import MOST_PHOTOS, mean
from reviews.services import (
    add_photo,
    hide,
    moderating,
    photos,
    reckoning,
    report,
    restore,
    write_review,
)
from tests.appointments import world
from tests.reviews.photographs import picture
from tests.reviews.visits import served

from .together import ISOLATIONS, codes, side_by_side, together

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


@pytest.fixture(params=ISOLATIONS)
def isolation(request, monkeypatch) -> None:
    """As the product's own setting may say; the threads' connections begin with it."""
    if request.param:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", request.param)


def moved(act, review):
    return partial(act, review, reason="Because.", by=SYSTEM, at=world.clock("20:00"))


def wrong_ratings(*rows):
    """Those that are not the mean and number of what is shown, as (row, has, should have)."""
    found = []
    for row in rows:
        row.refresh_from_db()
        stars = list(row.reviews.filter(hidden_at=None).values_list("rating", flat=True))
        should = (mean(sum(stars), len(stars)), len(stars))
        if (row.rating, row.review_count) != should:
            found.append((row, (row.rating, row.review_count), should))
    return found


def ten_visits(store, turn=0):
    """Five of each of two realtors."""
    realtors = [world.hire(store, name) for name in ("Wei", "Ming")]
    phones = iter(world.phones(10, first=100 * (turn + 1)))
    done = [
        served(realtor, f"{hour:02}:00", phone=next(phones))
        for hour in range(9, 14)
        for realtor in realtors
    ]
    return realtors, done


def half_hidden(visits):
    """All have said something, and every second word is hidden: calls that turn each over."""
    written = [word(visit, stars)() for visit, stars in zip(visits, cycle(STARS), strict=False)]
    for review in written[::2]:
        moved(hide, review)()
    return [moved(restore if place % 2 == 0 else hide, one) for place, one in enumerate(written)]


@pytest.mark.parametrize("_round", range(3))
def test_ratings_hold_what_is_shown_while_some_write_and_others_hide(_round, isolation):
    store = world.open_store()
    realtors, done = ten_visits(store)
    calls = half_hidden(done[:4])
    calls += [word(visit, stars) for visit, stars in zip(done[4:], cycle((1, 5, 2)), strict=False)]

    outcomes = together(*calls)

    assert codes(outcomes) == ["done"] * len(calls)
    assert wrong_ratings(store, *realtors) == []


def test_without_the_lock_the_same_finds_wrong_ratings(monkeypatch):
    """The control, with moderation alone: whoever writes a row holds its store and realtor by their
    foreign keys already. Where there are no row locks, the transaction is what makes people wait;
    there each statement is committed on its own."""
    monkeypatch.setattr(moderating, "lock_places", lambda *_places: None)
    monkeypatch.setattr(reckoning, "_ratings", slowly(reckoning._ratings))
    for turn in range(10):
        store = world.open_store(f"store-{turn}")
        realtors, done = ten_visits(store, turn)
        calls = half_hidden(done)
        if connection.vendor == "sqlite":
            side_by_side(*(now_or_soon(without_transaction(call)) for call in calls))
        else:
            together(*calls)
        if wrong_ratings(store, *realtors):
            return
    pytest.fail("nothing goes wrong without the guard, so the race would not see it")


def slowly(read):
    """Some think longer than others, so that who read first may write last."""

    def read_and_think(**whose):
        found = read(**whose)
        time.sleep(random.uniform(0, 0.06))
        return found

    return read_and_think


def now_or_soon(call):
    """The one writer of SQLite would else let all change their row before the first one reads."""

    def begin():
        time.sleep(random.uniform(0, 0.1))
        return call()

    return begin


def without_transaction(call):
    """The service that its ``atomic`` is wrapped around."""
    return partial(call.func.__wrapped__, *call.args, **call.keywords)


@pytest.mark.parametrize("_round", range(2))
def test_of_four_who_hide_one_does(_round):
    store = world.open_store()
    wei = world.hire(store, "Wei")
    (visit,) = visits(wei, 1)
    review = word(visit, 1)()

    same = [Review.objects.get(pk=review.pk) for _one in range(4)]
    outcomes = together(*(moved(hide, one) for one in same))

    assert codes(outcomes) == ["done", *["invalid_transition"] * 3]
    assert review.log.filter(action="hidden").count() == 1
    assert wrong_ratings(store, wei) == []


def test_of_many_photos_at_once_six_are_kept():
    store = world.open_store()
    wei = world.hire(store, "Wei")
    (visit,) = visits(wei, 1)
    pictures, by = photo_from(picture()), world.owner(visit)

    def send(one):
        return partial(add_photo, one, pictures=pictures, by=by, at=visit.ends_at)

    outcomes = together(*(send(type(visit).objects.get(pk=visit.pk)) for _one in range(9)))

    assert codes(outcomes) == ["done"] * MOST_PHOTOS + ["invalid"] * 3
    assert ReviewPhoto.objects.count() == MOST_PHOTOS


def test_of_four_reports_by_one_person_at_once_one_is_open():
    store = world.open_store()
    wei = world.hire(store, "Wei")
    (visit,) = visits(wei, 1)
    review, by = word(visit, 1)(), Actor.of(world.register("Bo"))

    outcomes = together(
        *(
            partial(report, review, reason="spam", words="", by=by, at=visit.ends_at)
            for _one in range(4)
        )
    )

    assert codes(outcomes) == [Conflict.code] * 3 + ["done"]
    assert ReviewReport.objects.open().count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_who_leaves_while_they_report_leaves_no_words(_round):
    store = world.open_store()
    (visit,) = visits(world.hire(store, "Wei"), 1)
    review, bo = word(visit, 1)(), world.register("Bo")
    by, at = Actor.of(bo), visit.ends_at

    together(
        partial(report, review, reason="spam", words="My own words.", by=by, at=at),
        partial(erase_account, bo, by=by, at=at),
    )

    assert not ReviewReport.objects.exclude(reporter=None, words="").exists()


@pytest.mark.parametrize("_round", range(3))
def test_what_is_hidden_while_somebody_reports_it_has_no_open_report(_round):
    store = world.open_store()
    (visit,) = visits(world.hire(store, "Wei"), 1)
    review, by = word(visit, 1)(), Actor.of(world.register("Bo"))

    together(
        partial(report, review, reason="spam", words="", by=by, at=visit.ends_at),
        moved(hide, Review.objects.get(pk=review.pk)),
    )

    assert not ReviewReport.objects.open().exists()


def slow_deleting(monkeypatch) -> threading.Event:
    """Between what is found and what is deleted there is time; set when it begins."""
    begun = threading.Event()

    def slowly(storage, name):
        begun.set()
        time.sleep(0.2)
        delete_after_commit(storage, name)

    monkeypatch.setattr(photos, "delete_after_commit", slowly)
    return begun


@pytest.mark.parametrize("how", ["swept", "removed"])
def test_a_photo_is_in_the_review_or_gone_and_never_both(how, monkeypatch):
    store = world.open_store()
    (visit,) = visits(world.hire(store, "Wei"), 1)
    at, by = visit.ends_at, world.owner(visit)
    photo = add_photo(visit, pictures=photo_from(picture()), by=by, at=at)
    begun = slow_deleting(monkeypatch)
    takes_away = {
        "swept": partial(photos.sweep_photos, at=at + timedelta(days=2)),
        "removed": partial(photos.remove_photo, photo, by=by, at=at),
    }

    write = partial(write_review, visit, rating=5, comment="", photos=[photo.key], by=by, at=at)

    def write_then():
        assert begun.wait(10)
        run_in_transaction(write)

    side_by_side(partial(run_in_transaction, takes_away[how]), write_then)

    # Of two who wait for each other the database ends either; the edge does it again.
    assert (Review.objects.count(), ReviewPhoto.objects.count()) in [(0, 0), (1, 1)]
