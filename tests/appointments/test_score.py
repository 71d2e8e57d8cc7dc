"""Which realtor: hard constraints with a reason each, then a cost in minutes that can be told."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments import services
from appointments.models import Appointment, Offer
from appointments.scoring import Facts, chance_of_accepting, minutes_of, travel_minutes, turn
from appointments.selectors.candidates import Rejected
from appointments.services.queueing import dispatch
from booking_site.common.actors import SYSTEM
from realtors.models import Presence, Realtor
from realtors.services import mark_away, set_presence
from stores.models import Category

from .places import ACROSS_TOWN, HERE, house
from .world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    acting,
    away,
    book,
    clock,
    confirmed,
    hire,
    join,
    offline,
    online,
    work_from,
)

TEN = clock("10:00")
facts = st.builds(
    Facts,
    accepted=st.integers(0, 500),
    not_accepted=st.integers(0, 500),
    answer_minutes=st.none() | st.floats(0, 60),
    silent_minutes=st.none() | st.floats(0, 600),
    utilisation=st.floats(0, 1),
    rating=st.floats(0, 5),
    review_count=st.integers(0, 1000),
    visits=st.integers(0, 100),
    travel_minutes=st.floats(0, 120),
)


def cost(one, *others, accept_minutes=5):
    return minutes_of(one, [one, *others], accept_minutes=accept_minutes)


# The arithmetic


@given(facts, st.lists(facts, max_size=5))
def test_the_components_add_up_and_the_kind_ones_are_bounded(one, others):
    parts = cost(one, *others)

    assert parts["minutes"] == pytest.approx(
        sum(value for name, value in parts.items() if name != "minutes"), abs=0.06
    )
    assert -3 <= parts["rating"] <= 3
    assert -10 <= parts["relation"] <= 0
    assert parts["travel"] >= 0
    assert 0 < chance_of_accepting(one) < 1 or one.accepted + one.not_accepted > 0


@given(facts, st.lists(facts, max_size=5))
def test_the_same_facts_cost_the_same(one, others):
    assert cost(one, *others) == cost(one, *others)


def test_who_has_done_less_costs_less():
    idle, busy = Facts(utilisation=0.1), Facts(utilisation=0.5)

    assert cost(idle, busy)["load"] == -5.0
    assert cost(busy, idle)["load"] == 5.0


def test_who_was_seen_lately_is_expected_to_answer_sooner():
    costs = [cost(Facts(silent_minutes=silent))["answer"] for silent in (1, 4, 10, 29)]

    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_a_record_of_answers_outweighs_what_is_expected_of_anybody():
    reliable, careless = Facts(accepted=90, silent_minutes=20), Facts(not_accepted=90)

    assert chance_of_accepting(reliable) > 0.9
    assert chance_of_accepting(careless) < 0.1


def test_one_good_review_says_little_and_a_hundred_say_more():
    usual = Facts(rating=3.0, review_count=50)
    once, often = Facts(rating=5.0, review_count=1), Facts(rating=5.0, review_count=100)

    assert cost(often, usual)["rating"] < cost(once, usual)["rating"] < 0


def test_travel_is_nothing_on_the_spot_and_two_minutes_a_kilometre_elsewhere():
    people_square, bund = (31.2304, 121.4737), (31.2400, 121.4900)

    assert travel_minutes(people_square, people_square) == 0
    assert travel_minutes(None, bund) == 0
    assert travel_minutes(people_square, bund) == pytest.approx(7.2, abs=0.3)
    assert travel_minutes((0, 179.99), (0, -179.99)) < 10


def test_among_equals_the_longest_idle_comes_first_and_the_rest_is_a_draw_one_can_repeat():
    earlier, later = NOW, NOW + HOUR
    idle = turn("appointment:1", 2, finished_at=earlier, assigned_at=later)
    not_idle = turn("appointment:1", 1, finished_at=later, assigned_at=earlier)
    never = turn("appointment:1", 3, finished_at=None, assigned_at=None)

    assert never < idle < not_idle
    drawn = set()
    for number in range(60):
        key = f"appointment:{number}"
        drawn.add(
            min(
                (1, 2, 3), key=lambda pk, key=key: turn(key, pk, finished_at=None, assigned_at=None)
            )
        )
    assert drawn == {1, 2, 3}


# What is kept with an offer


def test_an_offer_keeps_what_it_cost_and_why_the_others_were_not_asked(store, wei, ming):
    lei = hire(store, "Lei")
    work_from(lei, "15:00", "18:00")
    book(store, clock("11:00"), realtor=wei, phone=QIANG)

    appointment = book(store, clock("14:00"))

    offer = Offer.objects.get(appointment=appointment)
    assert offer.realtor == ming
    assert set(offer.score) == {"minutes", "travel", "answer", "load", "rating", "relation"}
    found = {fact["realtor_id"]: fact for fact in offer.considered}
    assert found[lei.pk]["rejected"] == "off_duty"
    assert found[wei.pk]["minutes"] > offer.score["minutes"]


def test_who_has_served_the_customer_before_is_preferred(store, wei, ming):
    for day in range(4):
        services.complete(
            services.start(
                confirmed(store, clock("14:00"), realtor=wei), by=SYSTEM, at=clock("14:00")
            ),
            by=SYSTEM,
            at=clock("14:00"),
        )
        assert day < 4

    appointment = book(store, clock("16:00"))

    assert appointment.realtor == wei
    assert Offer.objects.get(appointment=appointment).score["relation"] == -10.0


def test_equal_realtors_are_not_asked_in_the_order_they_were_hired(store, wei, ming):
    """A thousand stores with two equal realtors would else all ask the elder."""
    first = {
        book(store, clock("14:00") + day * timedelta(days=1)).realtor_id for day in range(1, 7)
    }

    assert first == {wei.pk, ming.pk}


# Each hard constraint


def rejected(appointment: Appointment) -> dict[str, str]:
    offer = Offer.objects.filter(appointment=appointment).latest("pk")
    return {
        Realtor.objects.get(pk=fact["realtor_id"]).name: fact["rejected"]
        for fact in offer.considered
        if "rejected" in fact
    }


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("off_duty", lambda store, wei: away(wei, clock("09:00"), clock("12:00"))),
        ("not_online", lambda store, wei: offline(wei, at=TEN)),
        (
            "not_online",
            lambda store, wei: set_presence(wei, Presence.BUSY, by=SYSTEM, at=TEN),
        ),
        (
            "silent",
            lambda store, wei: Realtor.objects.filter(pk=wei.pk).update(
                last_seen_at=TEN - 31 * MINUTE
            ),
        ),
        ("away", lambda store, wei: mark_away(wei.pk, at=TEN)),
        (
            "busy",
            lambda store, wei: confirmed(store, clock("10:30"), realtor=wei, phone=QIANG),
        ),
        (
            "day_full",
            lambda store, wei: (
                Realtor.objects.filter(pk=wei.pk).update(max_per_day=1),
                confirmed(store, clock("16:00"), realtor=wei, phone=QIANG),
            ),
        ),
    ],
)
def test_who_cannot_come_is_passed_over_for_a_reason(store, wei, ming, reason, spoil):
    online(wei, at=TEN - MINUTE)
    spoil(store, wei)
    online(ming, at=TEN)

    lan = join(store, at=TEN)

    assert lan.realtor == ming
    assert rejected(lan) == {"Wei": reason}


def test_who_holds_as_many_as_they_may_is_passed_over(store, wei, ming):
    """Somebody offered and not yet begun an hour ago still counts, though the time is over."""
    Realtor.objects.update(max_load=1)
    online(wei, at=TEN)
    held = join(store, phone=QIANG, at=TEN, duration_minutes=5)
    services.accept(held, by=acting(wei), at=TEN)
    later = TEN + 10 * MINUTE
    online(wei, at=later)
    online(ming, at=later)

    lan = join(store, at=later)

    assert rejected(lan) == {"Wei": "full_load"}


def test_who_refused_or_just_declined_is_passed_over(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    qiang = join(store, phone=QIANG, at=TEN)
    services.decline(lan, by=acting(wei), at=TEN + MINUTE)
    online(ming, at=TEN + MINUTE)
    lan.refresh_from_db()
    assert (lan.realtor, rejected(lan)) == (ming, {"Wei": "refused"})

    services.complete(
        services.start(
            services.accept(lan, by=acting(ming), at=TEN + MINUTE), by=SYSTEM, at=TEN + MINUTE
        ),
        by=SYSTEM,
        at=TEN + MINUTE,
    )

    qiang.refresh_from_db()
    assert (qiang.realtor, rejected(qiang)) == (ming, {"Wei": "cooling_down"})


def test_a_named_realtor_leaves_no_choice_and_nobody_serves_themself(store, wei, ming):
    named = book(store, clock("14:00"), realtor=wei)
    own = book(store, clock("16:00"), customer=wei.user, phone=LAN)

    assert rejected(named) == {"Ming": "not_named"}
    assert (own.realtor, rejected(own)) == (ming, {"Wei": "own_appointment"})


def test_who_would_not_get_from_the_last_house_in_time_is_passed_over(store, wei, ming):
    near = house(store, realtor=None, place=HERE)
    far = house(store, "Across town", realtor=None, place=ACROSS_TOWN)
    book(store, clock("14:00"), realtor=wei, phone=QIANG, listing=near)

    lan = book(store, clock("14:30"), listing=far)

    assert (lan.realtor, rejected(lan)) == (ming, {"Wei": "too_far"})


def test_who_lists_other_skills_than_a_listing_asks_for_is_passed_over(store, wei, ming):
    letting, plumbing = (Category.objects.create(slug=one, name=one) for one in ("let", "plumb"))
    wei.skills.add(plumbing)
    flat = house(store, realtor=None, category=letting)

    lan = book(store, clock("14:00"), listing=flat)

    assert (lan.realtor, rejected(lan)) == (ming, {"Wei": "unskilled"})


def test_every_reason_has_a_test_here():
    source = __import__("pathlib").Path(__file__).read_text()

    assert [reason for reason in Rejected if f'"{reason}"' not in source] == []


def test_a_dispatch_of_a_long_line_asks_the_database_a_constant_number_of_questions(
    store, wei, django_assert_max_num_queries
):
    for number in range(12):
        join(store, phone=f"+861380001{number:04d}", at=TEN)

    with django_assert_max_num_queries(26):
        dispatch(store, at=TEN)
