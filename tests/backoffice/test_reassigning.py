"""Staff decide who comes, and when instead."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from appointments import services
from appointments.admin.asking import StartForm
from appointments.models import Appointment, Status
from appointments.presenters.times import stamp
from booking_site.common.actors import SYSTEM
from realtors.models import Presence, Realtor, TimeOff
from realtors.services import set_presence
from tests.factories import ROUND_THE_CLOCK, RealtorFactory, StoreFactory

from .places import Place, book, join, page_of, start_at
from .pressing import LIST, choose, press, press_in_dialog, queries_of, said


@pytest.fixture
def colleague(ours: Place) -> Realtor:
    return RealtorFactory(store=ours.store, name="Colleague", hours=ROUND_THE_CLOCK)


@pytest.fixture
def resting(colleague: Realtor, ours: Place) -> Realtor:
    """Who could have come, were it not for their time off."""
    starts = ours.booked.starts_at - timedelta(hours=1)
    TimeOff.objects.create(realtor=colleague, starts_at=starts, ends_at=starts + timedelta(hours=6))
    return colleague


def fresh(appointment: Appointment) -> Appointment:
    return Appointment.objects.with_people().get(pk=appointment.pk)


# Giving to another realtor


def test_a_confirmed_appointment_goes_to_a_colleague_and_the_log_says_why(ann, ours, colleague):
    services.accept(ours.booked, by=SYSTEM, at=timezone.now())

    answer = press(ann, ours.booked, "reassign", realtor=colleague.pk, reason="Ann is ill")

    moved = fresh(ours.booked)
    entry = moved.log.get(action="reassigned")
    assert answer.url == page_of(ours.booked)
    assert (moved.realtor, moved.status) == (colleague, Status.CONFIRMED)
    assert (entry.reason, entry.actor_user) == ("Ann is ill", ours.manager)


def test_the_dialog_names_who_could_come_and_why_the_others_cannot(ann, ours, resting):
    able = RealtorFactory(store=ours.store, name="Able", hours=ROUND_THE_CLOCK)
    busy = RealtorFactory(store=ours.store, name="Engaged", hours=ROUND_THE_CLOCK)
    services.reassign(
        ours.waiting, busy, by=SYSTEM, at=timezone.now(), reason="a friend", override=True
    )

    html = ann.get(f"{LIST}{ours.booked.pk}/reassign/").content.decode()

    assert f'value="{able.pk}">Able – ' in html
    assert f'value="{resting.pk}">Colleague – not at work then<' in html
    assert f'value="{busy.pk}">Engaged – has something else then<' in html
    assert "Careful: this leaves working hours" in html
    # Who has it already is no choice.
    assert f'value="{ours.realtor.pk}"' not in html


@pytest.mark.parametrize("hurry", [press, press_in_dialog])
def test_a_rule_that_stands_against_it_is_named(ann, ours, resting, hurry):
    answer = hurry(ann, ours.booked, "reassign", realtor=resting.pk, reason="please")

    told = [*said(answer), answer.content.decode()]
    assert fresh(ours.booked).realtor == ours.realtor
    assert any("(not at work then)" in one for one in told)


def test_a_refusal_in_the_dialog_keeps_what_was_typed(ann, ours, resting):
    answer = press_in_dialog(ann, ours.booked, "reassign", realtor=resting.pk, reason="she asked")

    html = answer.content.decode()
    assert "HX-Redirect" not in answer.headers
    assert 'value="she asked"' in html
    assert f'value="{resting.pk}" selected' in html
    assert html.index("(not at work then)") < html.index('name="reason"')


def test_staff_may_override_the_rules_and_the_log_names_the_rule(ann, ours, resting):
    sent = {"realtor": resting.pk, "reason": "agreed by phone", "override": "on"}
    answer = press_in_dialog(ann, ours.booked, "reassign", **sent)

    moved = fresh(ours.booked)
    assert answer.headers["HX-Redirect"] == page_of(ours.booked)
    assert moved.realtor == resting
    assert moved.log.get(action="reassigned").details["override"] == "off_duty"
    page = ann.get(page_of(ours.booked)).content.decode()
    assert "realtor: Colleague · realtor before: Ann Realtor" in page
    assert "rule left aside: not at work then" in page


def test_nobody_can_be_promised_twice_whatever_is_overridden(ann, ours, colleague):
    start = ours.booked.starts_at
    services.reassign(
        ours.waiting, colleague, by=SYSTEM, at=timezone.now(), reason="x", override=True
    )
    assert fresh(ours.waiting).starts_at == start
    sent = {"realtor": colleague.pk, "reason": "squeeze in", "override": "on"}

    answer = press(ann, ours.booked, "reassign", **sent)

    assert fresh(ours.booked).realtor == ours.realtor
    assert "nobody can be promised twice" in said(answer)[0]


def test_the_reason_is_not_optional(ann, ours, colleague):
    press(ann, ours.booked, "reassign", realtor=colleague.pk, reason="")
    press(ann, ours.booked, "reassign", realtor=colleague.pk, reason="   ")

    assert fresh(ours.booked).realtor == ours.realtor


def test_a_realtor_of_another_store_is_no_choice_however_the_id_got_there(ann, ours, theirs):
    sent = {"realtor": theirs.realtor.pk, "reason": "mine now", "override": "on"}

    answer = press_in_dialog(ann, ours.booked, "reassign", **sent)
    choose(ann, "reassign", ours.booked, **sent)

    assert "Choose a realtor of this store." in answer.content.decode()
    assert fresh(ours.booked).realtor == ours.realtor


@pytest.mark.parametrize("button", ["reassign", "reschedule"])
def test_another_store_s_appointment_stays_where_it_is(ann, ours, theirs, button):
    sent = {"realtor": theirs.realtor.pk, "reason": "x", "day": "2030-01-01", "clock": "10:00"}

    assert press(ann, theirs.booked, button, **sent).status_code == 404
    assert ann.get(f"{LIST}{theirs.booked.pk}/{button}/").status_code == 404
    choose(ann, button, theirs.booked, **sent)
    assert fresh(theirs.booked).starts_at == theirs.booked.starts_at


# Several at once: those for whom everybody has declined


def test_those_who_need_a_person_are_given_away_together(ann, ours, resting):
    Appointment.objects.filter(pk=ours.waiting.pk).update(needs_person=True)
    later = book(ours.store, ours.booked.starts_at + timedelta(hours=4), customer="Later", number=7)
    link = next(
        card["link"]
        for card in ann.get("/admin/").context["attention_cards"]
        if card["label"] == "Declined by everybody"
    )
    assert list(ann.get(link).context["cl"].queryset) == [ours.waiting]

    asked = choose(ann, "reassign", ours.waiting, later)
    sent = {"realtor": resting.pk, "reason": "she comes in for them", "override": "on"}
    answer = choose(ann, "reassign", ours.waiting, later, **sent)

    assert f'value="{resting.pk}"' in asked.content.decode()
    assert {fresh(ours.waiting).realtor, fresh(later).realtor} == {resting}
    assert not fresh(ours.waiting).needs_person
    assert said(answer) == ["Give to another realtor: 2 done."]


def test_rows_of_two_stores_have_no_realtor_in_common(operator, ours, theirs):
    sent = {"realtor": ours.realtor.pk, "reason": "x"}
    answer = choose(operator, "reassign", ours.waiting, theirs.waiting, **sent)

    assert said(answer) == ["Choose appointments of one store: a realtor works in one."]
    assert fresh(theirs.waiting).realtor is None


def test_who_has_it_already_is_said_in_the_list(ann, ours):
    sent = {"realtor": ours.realtor.pk, "reason": "x", "override": "on"}
    answer = choose(ann, "reassign", ours.booked, **sent)

    assert "has it already" in said(answer)[0]


# The live line


def test_a_live_customer_is_given_to_who_is_not_online_by_overriding(ann, ours):
    store = ours.store
    lan = join(store, customer="Lan", number=1)
    # No hours: works whenever the store is open, which is always.
    there = RealtorFactory(store=store, name="There")
    html = ann.get(f"{LIST}{lan.pk}/reassign/").content.decode()
    assert f'value="{there.pk}">There – not online<' in html

    refused = press(ann, lan, "reassign", realtor=there.pk, reason="is here")
    press(ann, lan, "reassign", realtor=there.pk, reason="is here", override="on")

    assert "(not online)" in said(refused)[0]
    assert fresh(lan).realtor == there


def test_a_place_in_the_live_line_has_no_time_to_move(ann, ours):
    lan = join(ours.store, customer="Lan", number=1)

    html = ann.get(page_of(lan)).content.decode()

    assert f"{LIST}{lan.pk}/reassign/" in html
    assert f"{LIST}{lan.pk}/reschedule/" not in html
    assert "as soon as possible" in html


# Moving to another time


def test_staff_move_by_the_clock_of_the_store(ann, ours):
    start = start_at(ours.store, days=3, hour=15)

    answer = press(ann, ours.booked, "reschedule", day=f"{start:%Y-%m-%d}", clock="15:00")

    moved = fresh(ours.booked)
    assert answer.url == page_of(ours.booked)
    assert (moved.starts_at, moved.code) == (start, ours.booked.code)
    assert moved.log.get(action="rescheduled").actor_user == ours.manager


def test_the_dialog_offers_the_free_times_by_day(ann, ours):
    html = ann.get(f"{LIST}{ours.booked.pk}/reschedule/").content.decode()

    free = stamp(ours.booked.starts_at + timedelta(hours=1))
    assert f'value="{free}"' in html
    assert f'value="{stamp(ours.booked.starts_at)}"' not in html
    assert "<optgroup" in html


def test_a_free_time_is_chosen_and_the_reason_kept(ann, ours):
    free = ours.booked.starts_at + timedelta(hours=1)
    sent = {"start": stamp(free), "day": "", "clock": "", "reason": "the customer rang"}

    press(ann, ours.booked, "reschedule", **sent)

    moved = fresh(ours.booked)
    assert moved.starts_at == free
    assert moved.log.get(action="rescheduled").reason == "the customer rang"


def test_without_any_time_the_dialog_asks_for_one(ann, ours):
    html = press_in_dialog(ann, ours.booked, "reschedule", start="", day="", clock="")

    assert "Choose a free time, or give both" in html.content.decode()


def test_those_chosen_are_given_to_whoever_suits_best(ann, ours, colleague):
    answer = choose(ann, "reassign_best", ours.booked, reason="at the doctor's")

    assert fresh(ours.booked).realtor == colleague
    assert said(answer) == ["Give to whoever suits best: 1 done."]
    entry = fresh(ours.booked).log.get(action="reassigned")
    assert (entry.actor_user, entry.reason) == (ours.manager, "at the doctor's")


def test_where_nobody_else_can_come_nothing_is_given_away(ann, ours):
    answer = choose(ann, "reassign_best", ours.booked, reason="at the doctor's")

    assert fresh(ours.booked).realtor == ours.realtor
    assert said(answer) == [f"{ours.booked}: Nobody is free then."]


def test_the_dialog_starts_from_the_present_time(ann, ours):
    html = ann.get(f"{LIST}{ours.booked.pk}/reschedule/").content.decode()

    assert f'value="{ours.booked.starts_local:%Y-%m-%d}"' in html
    assert 'value="10:00"' in html
    assert f"By the clock of {ours.store}." in html


def test_a_time_at_which_nobody_is_free_is_refused_with_those_that_are(ann, ours):
    taken = ours.booked.starts_at + timedelta(hours=3)
    book(ours.store, taken, customer="Other", number=9)
    clock = f"{taken.astimezone(ours.store.zone):%H:%M}"
    sent = {"day": f"{ours.booked.starts_local:%Y-%m-%d}", "clock": clock}

    html = press_in_dialog(ann, ours.booked, "reschedule", **sent).content.decode()

    assert "Nobody is free then. Free instead: " in html
    assert fresh(ours.booked).starts_at == ours.booked.starts_at


def test_a_time_in_the_past_is_refused(ann, ours):
    answer = press(ann, ours.booked, "reschedule", day="2020-01-01", clock="10:00")

    assert "too soon or already past" in said(answer)[0]


def test_a_time_that_the_clocks_leap_over_is_none(db):
    berlin = StoreFactory(time_zone="Europe/Berlin")
    appointment = Appointment(store=berlin, starts_at=timezone.now(), ends_at=timezone.now())
    night = date(2027, 3, 28).isoformat()

    leapt = StartForm({"day": night, "clock": "02:30"}, appointments=[appointment])
    after = StartForm({"day": night, "clock": "03:30"}, appointments=[appointment])

    assert "there is no such time" in str(leapt.errors["clock"])
    assert after.is_valid()
    assert after.given()["starts_at"].isoformat() == "2027-03-28T01:30:00+00:00"


def test_more_colleagues_cost_the_dialog_no_more_queries(ann, ours, colleague):
    path = f"{LIST}{ours.booked.pk}/reassign/"
    few = queries_of(ann, path)

    for number in range(4):
        one = RealtorFactory(store=ours.store, name=f"More {number}")
        set_presence(one, Presence.ONLINE, by=SYSTEM, at=timezone.now())

    assert queries_of(ann, path) <= few <= 25
