"""Reported by anybody, decided by operators; hidden reviews are read nowhere and count nowhere."""

from decimal import Decimal

import pytest

from accounts.services import erase_account
from appointments.errors import InvalidTransition
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from reviews import services
from reviews.models import ReportState, ReviewLogEntry, ReviewReport
from reviews.selectors import newest_of, open_reports, summary_of
from tests.appointments import world

from .test_writing import ratings
from .visits import say, served

AT = world.clock("17:00")
WHY = "Advertising."


@pytest.fixture
def olga(db):
    return Actor.of(world.register("Olga", is_staff=True, is_superuser=True))


@pytest.fixture
def review(wei, fang):
    return say(served(wei, "09:00", customer=fang), 1, "Buy at example.com!")


def reported(review, by, **more):
    words = {"reason": "spam", "words": "An advertisement."} | more
    return services.report(review, **words, by=by, at=AT)


def steps(review):
    return list(ReviewLogEntry.objects.filter(review=review).values_list("action", flat=True))


def test_what_is_hidden_counts_nowhere_until_it_is_shown_again(store, wei, review, olga):
    say(served(wei, "11:00"), 5)
    assert ratings(wei) == ratings(store) == (Decimal("3.00"), 2)

    services.hide(review, reason=WHY, by=olga, at=AT)

    assert ratings(wei) == ratings(store) == (Decimal("5.00"), 1)
    assert [one.rating for one in newest_of(store, most=9)] == [5]
    assert summary_of(wei).count == 1

    services.restore(review, reason="It was none.", by=olga, at=AT)

    assert ratings(wei) == ratings(store) == (Decimal("3.00"), 2)
    assert steps(review) == ["written", "hidden", "restored"]


def test_the_only_one_hidden_leaves_no_rating(store, wei, review, olga):
    services.hide(review, reason=WHY, by=olga, at=AT)

    assert ratings(wei) == ratings(store) == (Decimal("0.00"), 0)


def test_who_when_and_why_is_kept(review, olga):
    services.hide(review, reason=WHY, by=olga, at=AT)

    review.refresh_from_db()
    assert (review.hidden_by, review.hidden_at, review.hidden_reason) == (olga.user, AT, WHY)
    entry = ReviewLogEntry.objects.get(action="hidden")
    assert (entry.actor_user, entry.at, entry.reason) == (olga.user, AT, WHY)


def test_the_log_is_only_added_to(review):
    entry = ReviewLogEntry.objects.get()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.parametrize("act", [services.hide, services.restore, services.dismiss_reports])
def test_only_operators_decide(store, wei, ming, review, fang, act):
    others = (world.acting(wei), world.manager(store), Actor.of(fang), Actor.guest())

    for by in others:
        with pytest.raises(Forbidden):
            act(review, reason=WHY, by=by, at=AT)


@pytest.mark.parametrize("act", [services.hide, services.restore, services.dismiss_reports])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_decision_says_why(review, olga, act, reason):
    with pytest.raises(Invalid):
        act(review, reason=reason, by=olga, at=AT)


def test_nothing_is_hidden_or_shown_twice(review, olga):
    with pytest.raises(InvalidTransition):
        services.restore(review, reason=WHY, by=olga, at=AT)
    services.hide(review, reason=WHY, by=olga, at=AT)
    with pytest.raises(InvalidTransition):
        services.hide(review, reason=WHY, by=olga, at=AT)


def test_a_report_changes_nothing_and_waits_for_an_operator(store, wei, review):
    made = reported(review, world.acting(wei))

    assert (made.state, made.reason, made.words) == ("open", "spam", "An advertisement.")
    assert ratings(wei) == (Decimal("1.00"), 1)
    assert list(open_reports()) == [made]
    assert list(open_reports(world.manager(store).user)) == [made]
    elsewhere = world.open_store("beijing-road")
    assert not open_reports(world.manager(elsewhere, "Bea").user).exists()


def test_one_open_report_each_and_another_after_it_was_decided(wei, review, olga):
    by = world.acting(wei)
    reported(review, by)
    with pytest.raises(Conflict):
        reported(review, by)
    reported(review, olga)

    services.dismiss_reports(review, reason="A fair word.", by=olga, at=AT)
    reported(review, by, reason="untrue")

    states = list(ReviewReport.objects.order_by("pk").values_list("state", flat=True))
    assert states == [ReportState.DISMISSED, ReportState.DISMISSED, ReportState.OPEN]


def test_hiding_upholds_what_was_reported(wei, review, olga):
    made = reported(review, world.acting(wei))

    services.hide(review, reason=WHY, by=olga, at=AT)

    made.refresh_from_db()
    assert (made.state, made.decided_by, made.decided_at) == ("upheld", olga.user, AT)
    assert not open_reports().exists()


def test_without_an_open_report_there_is_nothing_to_dismiss(review, olga):
    with pytest.raises(InvalidTransition):
        services.dismiss_reports(review, reason=WHY, by=olga, at=AT)


@pytest.mark.parametrize(
    ("wrong", "field"), [({"reason": "boring"}, "reason"), ({"words": "x" * 501}, "words")]
)
def test_a_report_says_what_is_wrong(wei, review, wrong, field):
    with pytest.raises(Invalid) as refusal:
        reported(review, world.acting(wei), **wrong)

    assert set(refusal.value.errors) == {field}


def test_guests_do_not_report(review):
    with pytest.raises(Forbidden):
        reported(review, Actor.guest())


def test_what_is_hidden_cannot_be_reported(wei, review, olga):
    services.hide(review, reason=WHY, by=olga, at=AT)

    with pytest.raises(NotFound):
        reported(review, world.acting(wei))


def test_who_reported_and_leaves_leaves_neither_name_nor_words(review, olga):
    bo = world.register("Bo")
    made = reported(review, Actor.of(bo))

    erase_account(bo, by=Actor.of(bo), at=AT)

    made.refresh_from_db()
    assert (made.reporter, made.words, made.state) == (None, "", "open")


def test_who_leaves_changes_no_rating_of_what_is_hidden_or_shown(store, wei, review, fang, olga):
    say(served(wei, "11:00"), 4)
    services.hide(review, reason=WHY, by=olga, at=AT)

    erase_account(fang, by=Actor.of(fang), at=AT)

    assert ratings(wei) == ratings(store) == (Decimal("4.00"), 1)
    services.restore(review, reason="x", by=SYSTEM, at=AT)
    assert ratings(wei) == (Decimal("2.50"), 2)
