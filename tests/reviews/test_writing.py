"""A customer says how it was: once, and after it was done. Ratings are right at once."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction

from accounts.services import erase_account
from appointments import services
from appointments.errors import InvalidTransition, ProofRequired
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.site.export import export_of
from reviews.models import Review
from reviews.rules import LONGEST_COMMENT, masked, mean
from reviews.services import write_review
from tests.appointments import world

from .visits import say, served


def ratings(row) -> tuple[Decimal, int]:
    row.refresh_from_db()
    return row.rating, row.review_count


def test_what_was_said_is_kept_with_whom_and_where(store, wei, fang):
    visit = served(wei, customer=fang)

    review = say(visit, 4, "Patient, and on time.")

    review.refresh_from_db()
    assert (review.appointment, review.store, review.realtor) == (visit, store, wei)
    assert (review.user, review.rating, review.comment) == (fang, 4, "Patient, and on time.")
    assert review.created_at == visit.ends_at


def test_a_guest_with_proof_has_a_word_too(store, wei):
    assert say(served(wei), 5).user is None


@pytest.mark.parametrize("state", ["pending", "confirmed", "in_progress", "cancelled", "no_show"])
def test_nothing_is_said_of_what_was_not_completed(store, wei, fang, state):
    start = world.clock("10:00")
    options = {"customer": fang, "realtor": wei}
    if state == "in_progress":
        visit = world.running(store, start, **options)
    elif state in ("confirmed", "no_show"):
        visit = world.confirmed(store, start, **options)
    else:
        visit = world.book(store, start, **options)
    if state == "cancelled":
        services.cancel(visit, by=SYSTEM, at=world.NOW)
    if state == "no_show":
        services.mark_no_show(visit, by=SYSTEM, at=start)
    assert visit.status == state

    with pytest.raises(InvalidTransition):
        say(visit)
    assert not Review.objects.exists()


def test_a_place_in_the_live_line_that_was_given_up_has_no_realtor_and_no_review(store, wei, fang):
    world.book(store, world.clock("10:00"), realtor=wei)
    waiting = world.join(store, customer=fang)

    with pytest.raises(InvalidTransition):
        say(waiting)


def test_nobody_says_it_twice(store, wei, fang):
    visit = served(wei, customer=fang)
    say(visit, 5)

    with pytest.raises(InvalidTransition) as refusal:
        say(visit, 1)

    assert set(refusal.value.errors) == {"appointment_id"}
    assert ratings(wei) == (Decimal("5.00"), 1)


def test_the_database_itself_holds_one_per_appointment_and_one_to_five_stars(store, wei):
    review = say(served(wei))
    facts = {"store": store, "realtor": wei, "created_at": world.NOW}

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(appointment=review.appointment, rating=4, **facts)
    other = served(wei, "14:00")
    for stars in (0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(appointment=other, rating=stars, **facts)


@pytest.mark.parametrize(
    ("rating", "comment", "field"),
    [(0, "", "rating"), (6, "", "rating"), (5, "x" * (LONGEST_COMMENT + 1), "comment")],
)
def test_what_is_no_review_is_refused_by_name(store, wei, rating, comment, field):
    with pytest.raises(Invalid) as refusal:
        say(served(wei), rating, comment)

    assert set(refusal.value.errors) == {field}


def test_the_word_is_the_customer_s_alone(store, wei, ming, fang):
    visit = served(wei, customer=fang)
    others = {
        "her realtor": world.acting(wei),
        "another realtor": world.acting(ming),
        "the manager": world.manager(store),
        "the operator": Actor.of(world.register("Olga", is_staff=True, is_superuser=True)),
        "another customer": Actor.of(world.register("Bo")),
        "the system": SYSTEM,
    }

    for who, by in others.items():
        with pytest.raises(Forbidden) as refusal:
            write_review(visit, rating=1, comment="", by=by, at=visit.ends_at)
        assert refusal.value.code == "forbidden", who


def test_a_guest_proves_that_it_is_theirs(store, wei):
    visit, other = served(wei), served(wei, "14:00", phone=world.QIANG)

    for by in (Actor.guest(), Actor.guest(proven_appointment_id=other.pk)):
        with pytest.raises(ProofRequired):
            write_review(visit, rating=1, comment="", by=by, at=visit.ends_at)


def test_the_ratings_are_right_after_each(store, wei, ming):
    assert ratings(store) == (Decimal("0.00"), 0)

    say(served(wei, "09:00"), 5)
    assert ratings(wei) == ratings(store) == (Decimal("5.00"), 1)

    say(served(wei, "11:00"), 4)
    assert ratings(wei) == ratings(store) == (Decimal("4.50"), 2)

    say(served(ming, "13:00"), 2)
    assert ratings(wei) == (Decimal("4.50"), 2)
    assert ratings(ming) == (Decimal("2.00"), 1)
    assert ratings(store) == (Decimal("3.67"), 3)


def test_another_store_s_ratings_are_its_own(store, wei):
    elsewhere = world.open_store("beijing-road")
    bei = world.hire(elsewhere, "Bei")

    say(served(bei), 1)

    assert ratings(store) == ratings(wei) == (Decimal("0.00"), 0)
    assert ratings(elsewhere) == (Decimal("1.00"), 1)


def test_a_mean_is_rounded_as_people_do():
    assert mean(0, 0) == Decimal(0)
    assert mean(10, 3) == Decimal("3.33")
    assert mean(14, 3) == Decimal("4.67")
    assert mean(33, 8) == Decimal("4.13")


def test_a_name_shows_its_first_sign_only():
    assert [masked(name) for name in ("张伟", " Lan ", "")] == ["张**", "L**", "**"]


def test_who_leaves_takes_the_words_and_leaves_the_stars(store, wei, fang):
    visit = served(wei, customer=fang)
    review = say(visit, 2, "He told me of his divorce.")
    other = say(served(wei, "14:00"), 4, "Kind.")

    erase_account(fang, by=Actor.of(fang), at=visit.ends_at)

    review.refresh_from_db()
    other.refresh_from_db()
    assert (review.user, review.comment, review.rating) == (None, "", 2)
    assert other.comment == "Kind."
    assert ratings(wei) == (Decimal("3.00"), 2)


def test_who_has_left_says_nothing_any_more(store, wei, fang):
    visit = served(wei, customer=fang)
    by = world.owner(visit)
    erase_account(fang, by=by, at=visit.ends_at)

    with pytest.raises(Forbidden):
        write_review(visit, rating=1, comment="", by=by, at=visit.ends_at)


def test_one_s_own_reviews_are_in_the_export(store, wei, fang):
    say(served(wei, customer=fang), 4, "Kind.")
    say(served(wei, "14:00"), 1, "Not mine.")

    (written,) = export_of(fang)["reviews"]

    assert (written["rating"], written["comment"], written["realtor__name"]) == (4, "Kind.", "Wei")


def test_the_record_of_staff_edits_keeps_no_name_of_an_author(wei, fang):
    visit = served(wei, customer=fang)
    LogEntry.objects.log_actions(wei.user.pk, [say(visit)], CHANGE, "changed")

    erase_account(fang, by=Actor.of(fang), at=visit.ends_at)

    assert LogEntry.objects.get().object_repr == ""
