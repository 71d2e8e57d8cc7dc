"""What is told of an order of a service, and of a wish to call one off: to whom, in which words."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail

from accounts.services import erase_account
from appointments import services
from appointments.services.agreeing import end_unanswered_requests
from appointments.services.paying import end_unpaid
from booking_site.common.actors import Actor
from notifications.models import Delivery, UserEvent, WebhookDelivery
from notifications.rules import ASKED_AFTER
from notifications.timed import deliver_due, remind_due
from tests.appointments import orders, world
from tests.appointments.world import HOUR, MINUTE, NOW, TUESDAY, acting, clock, manager, register
from tests.factories import UserFactory
from tests.realtime.protocol import check

from .edge import at_the_edge
from .hooks import bare_hook
from .orders import FANGS, HERE, LINS, OPS, accepted, ordered
from .post import html_of, letters_to, the_letter_to, written
from .seats import failed, last_told, paid, told
from .stays import reads_english

pytestmark = pytest.mark.django_db
TEN = clock("10:00", TUESDAY)
WHEN = "Tue, March 3 10:00"
SOON = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def store(db):
    return world.open_store(fee_steps=[[48 * 60, 50]])


@pytest.fixture
def fang(db):
    return register("Fang", email=FANGS, locale="en")


@pytest.fixture
def lin(store):
    return reads_english(world.hire(store, "Lin", email=LINS))


@pytest.fixture
def ops(db):
    return UserFactory(display_name="Ops", email=OPS, locale="en", is_superuser=True, is_staff=True)


@pytest.fixture
def cleaning(store, lin):
    return orders.service(store, provider=lin)


@pytest.fixture
def order(cleaning, fang):
    """Confirmed, paid, and everybody has read of it."""
    made = accepted(cleaning, fang, TEN)
    paid(made)
    deliver_due(at=NOW)
    return made


def ask(order, by, *, at=NOW, reason="Plans changed"):
    return at_the_edge(services.ask_to_cancel, order, by=by, at=at, reason=reason)


def answer(order, by, agree, *, at=SOON, reason=""):
    answered = services.answer_cancel_request
    return at_the_edge(answered, order, agree=agree, by=by, at=at, reason=reason)


def decide(order, by, *, at=SOON, **how):
    return at_the_edge(services.decide_request, order, by=by, at=at, **how)


def text_of(letter):
    return f"{letter.subject}\n{letter.body}"


# The order itself


def test_a_proposal_is_put_before_the_provider_with_what_the_listing_asks(cleaning, fang, lin):
    made = ordered(cleaning, fang, TEN, amount=150, requirements="Two cats live here.")

    assert written(channel="email") == ["realtor asked", "customer booked"]
    assert (told(fang), told(lin.user)) == (["created"], ["created"])
    theirs = the_letter_to(LINS)
    assert theirs.subject == f"Please answer: Fang orders Cleaning, {WHEN}"
    for said in ("for ¥150 (listed at ¥200)", HERE, "Two cats", made.order.number, "by Mon,"):
        assert said in theirs.body


def test_the_customer_reads_that_nothing_is_to_be_paid_yet(cleaning, fang):
    ordered(cleaning, fang, TEN, amount=150)

    letter = the_letter_to(FANGS)

    assert letter.subject == f"We have your order: Cleaning, {WHEN}"
    assert "nothing is to be paid" in letter.body
    assert "This amount is a proposal." in letter.body


def test_the_providers_yes_comes_with_the_calendar_and_the_way_to_pay(cleaning, fang):
    made = accepted(cleaning, fang, TEN)

    letter = the_letter_to(FANGS)
    assert letter.subject == f"Confirmed: Cleaning, {WHEN}"
    for text in (letter.body, html_of(letter)):
        for said in (f"Lin comes to you {WHEN}: {HERE}.", "Please pay ¥200", "Pay now"):
            assert said in text
        assert f"/bookings/{made.code}/pay/" in text
    assert len(letter.attachments) == 1
    assert last_told(fang).link == f"/bookings/{made.code}/pay/"


def test_what_is_paid_first_is_told_once_to_each(store, lin, fang):
    made = ordered(orders.service(store, provider=lin, needs_approval=False), fang, TEN)
    assert written(channel="email") == ["customer to_pay"]
    letter = the_letter_to(FANGS)
    assert letter.subject.startswith("Please pay by Mon, March 2 ")
    assert letter.attachments == []

    paid(made)

    assert told(lin.user) == ["created"]
    assert sorted(told(fang)[1:]) == ["confirmed", "payment"]
    theirs = the_letter_to(LINS)
    assert theirs.subject == f"Order: Fang, Cleaning, {WHEN}"
    assert "¥200 are paid." in theirs.body


def test_what_is_not_paid_in_time_is_called_off_kindly(store, lin, fang):
    made = ordered(orders.service(store, provider=lin, needs_approval=False), fang, TEN)
    letters_to(FANGS)

    late = made.pay_before
    end_unpaid(at=late)

    letter = the_letter_to(FANGS, at=late)
    assert letter.subject == f"Not kept any longer: Cleaning, {WHEN}"
    assert told(lin.user) == []


def test_what_costs_nothing_in_advance_and_needs_nobody_is_one_letter_to_each(store, lin, fang):
    free = orders.service(store, provider=lin, needs_approval=False, deposit_percent=0)

    ordered(free, fang, TEN)

    assert (told(fang), told(lin.user)) == (["created"], ["created"])
    assert the_letter_to(FANGS).subject == f"Confirmed: Cleaning, {WHEN}"


def test_who_has_paid_after_the_yes_gets_a_receipt_and_the_provider_hears_it(cleaning, fang, lin):
    made = accepted(cleaning, fang, TEN)
    letters_to(LINS)

    paid(made)

    assert told(lin.user)[-1] == "payment"
    assert "Fang has paid ¥200" in the_letter_to(LINS).body
    assert told(fang)[-1] == "payment"


def test_a_payment_that_fails_says_nothing_of_a_place(cleaning, fang):
    made = accepted(cleaning, fang, TEN)
    letters_to(FANGS)

    failed(made)

    letter = the_letter_to(FANGS)
    assert letter.subject == "Your payment did not go through"
    assert "place" not in letter.body


def test_a_move_names_both_times_to_both(order, fang, lin):
    at_the_edge(
        services.reschedule, order, starts_at=clock("14:00", TUESDAY), by=Actor.of(fang), at=NOW
    )

    assert f"It was {WHEN} and is now Tue, March 3 14:00." in the_letter_to(FANGS).body
    assert f"Fang had {WHEN} and now has Tue, March 3 14:00." in last_told(lin.user).content


def test_both_are_reminded_of_where_to_come(cleaning, fang, lin):
    accepted(cleaning, fang, TEN)
    letters_to(FANGS)

    remind_due(at=TEN - 2 * HOUR)

    letter = the_letter_to(FANGS, at=TEN - 2 * HOUR)
    assert letter.subject == f"Reminder: Cleaning, {WHEN}"
    assert f"Lin comes to you {WHEN}: {HERE}." in letter.body
    assert HERE in last_told(lin.user).content


def test_when_it_is_done_it_is_asked_how_it_was_and_said_what_is_due(cleaning, fang, lin):
    made = accepted(cleaning, fang, TEN)
    letters_to(FANGS)
    at_the_edge(services.start, made, by=acting(lin), at=TEN)
    at_the_edge(services.complete, made, by=acting(lin), at=TEN + HOUR)

    later = TEN + HOUR + ASKED_AFTER
    letter = the_letter_to(FANGS, at=later)

    assert letter.subject == "How was Cleaning?"
    assert "It is still to be paid: ¥200." in letter.body
    assert letters_to(FANGS, at=later + HOUR) == []
    frames = UserEvent.objects.filter(user=fang, event="appointment-updated")
    said = [frame.payload["data"]["change"] for frame in frames.order_by("u")]
    assert said[-2:] == ["started", "completed"]


# Calling it off


def test_the_other_side_is_asked_what_it_would_mean_and_until_when(order, fang, lin):
    ask(order, Actor.of(fang))

    assert (told(fang)[-1], told(lin.user)[-1]) == ("payment", "cancel_requested")
    letter = the_letter_to(LINS)
    assert letter.subject == f"Please answer: to be called off, Cleaning, {WHEN}"
    for said in (
        "Fang would like to call off",
        "Please answer by Tue, March 3 08:00.",
        "¥100 go back to the customer, ¥100 are kept",
        "Plans changed",
        f"/console/appointments/{order.pk}/",
    ):
        assert said in letter.body
    assert "Plans changed" in last_told(lin.user).content


def test_a_yes_is_one_letter_to_who_asked_with_what_comes_back(order, fang, lin):
    ask(order, Actor.of(fang))
    deliver_due(at=NOW)

    answer(order, acting(lin), True)

    letters = letters_to(FANGS, at=SOON)
    (cancelled,) = [one for one in letters if one.subject.startswith("Cancelled")]
    assert "Both sides agreed to call it off." in cancelled.body
    assert "¥100 go back the way you paid" in cancelled.body
    assert b"METHOD:CANCEL" in cancelled.attachments[0][1].encode()
    assert told(lin.user)[-1] == "cancel_requested"
    assert "cancel_request_changed" not in told(fang)


def test_the_customers_yes_is_told_to_the_provider(order, fang, lin):
    ask(order, acting(lin))
    assert told(fang)[-1] == "cancel_requested"
    assert f"/{order.code}/" in last_told(fang).link

    answer(order, Actor.of(fang), True)

    assert told(lin.user)[-1] == "cancelled"
    assert "Both sides agreed" in last_told(lin.user).content


def test_an_order_that_was_not_paid_yet_is_called_off_before_everybody(cleaning, fang, lin):
    made = accepted(cleaning, fang, TEN)
    ask(made, acting(lin))
    answer(made, Actor.of(fang), True)

    assert (told(fang)[-1], told(lin.user)[-1]) == ("cancelled", "cancelled")


def test_a_no_is_told_to_who_asked_and_put_before_those_who_decide(order, fang, lin, ops):
    ask(order, Actor.of(fang))
    answer(order, acting(lin), False, reason="I am on my way")

    assert told(fang)[-1] == "cancel_request_changed"
    assert told(lin.user)[-1] == "cancel_requested"
    assert "The answer was no." in last_told(fang).content
    assert told(ops) == ["cancel_request_changed"]
    letter = the_letter_to(OPS, at=SOON)
    assert letter.subject == f"Please decide: {order.order.number}, Cleaning, {WHEN}"
    for said in ("I am on my way", "Plans changed", "Paid: ¥200", f"/{order.pk}/change/"):
        assert said in letter.body


def test_silence_is_told_to_both(order, fang, lin, ops):
    request = ask(order, Actor.of(fang))

    end_unanswered_requests(at=request.answer_before)
    end_unanswered_requests(at=request.answer_before + HOUR)

    for one in (fang, lin.user, ops):
        assert told(one).count("cancel_request_changed") == 1
    assert "It was not answered." in last_told(lin.user).content


def test_what_is_asked_is_not_told_late(order, fang, lin):
    request = ask(order, Actor.of(fang))

    end_unanswered_requests(at=request.answer_before)

    assert [one.subject for one in letters_to(LINS, at=request.answer_before)] == [
        f"With us now: Cleaning, {WHEN}"
    ]


def test_what_was_taken_back_is_told_to_the_other_side(order, fang, lin):
    ask(order, Actor.of(fang))

    at_the_edge(services.take_back_request, order, by=Actor.of(fang), at=SOON)

    assert told(lin.user)[-1] == "cancel_request_changed"
    letter = the_letter_to(LINS, at=SOON)
    assert letter.subject == f"Not called off: Cleaning, {WHEN}"
    assert "cancel_request_changed" not in told(fang)


def test_what_the_store_asks_in_their_name_the_provider_hears(order, fang, lin, store):
    ask(order, manager(store))

    assert told(fang)[-1] == "cancel_requested"
    assert told(lin.user)[-1] == "cancel_request_changed"
    assert "Your store has asked Fang" in last_told(lin.user).content


def test_a_decision_that_it_stands_tells_both_why_and_what_goes_back(order, fang, lin, ops):
    ask(order, Actor.of(fang))
    deliver_due(at=NOW)

    decide(order, Actor.of(ops), call_off=False, refund_percent=25, reason="Half was done")

    letters = {one.to[0]: one for one in _sent(SOON) if "Decided" in one.subject}
    assert letters.keys() == {FANGS, LINS}
    assert "¥50 go back the way you paid." in letters[FANGS].body
    assert "¥50 go back to the customer." in letters[LINS].body
    assert all("Half was done" in one.body for one in letters.values())
    assert told(ops) == []


def test_a_decision_to_call_it_off_is_one_letter_to_each(order, fang, lin, ops):
    ask(order, Actor.of(fang))
    deliver_due(at=NOW)

    decide(order, Actor.of(ops), call_off=True, refund_percent=75, reason="Half a day's notice")

    letters = {one.to[0]: one for one in _sent(SOON) if "ancelled" in one.subject}
    assert letters.keys() == {FANGS, LINS}
    assert "¥150 go back the way you paid" in letters[FANGS].body
    for one in letters.values():
        assert "It was called off by the people who look after this site." in one.body
        assert "Half a day's notice" in one.body


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_the_text_and_the_html_say_the_same(cleaning, fang, lin, ops, locale):
    for one in (fang, lin.user, ops):
        one.locale = locale
        one.save()
    made = accepted(cleaning, fang, TEN, requirements="<b>100 % shy</b>", amount=150)
    ask(made, Actor.of(fang), reason="50 %d off")
    mail.outbox.clear()
    deliver_due(at=NOW)
    answer(made, acting(lin), False, reason="100 %s")
    deliver_due(at=SOON)
    decide(made, Actor.of(ops), call_off=True, refund_percent=75, reason="5 %", at=SOON + MINUTE)
    deliver_due(at=SOON + MINUTE)

    assert {letter.to[0] for letter in mail.outbox} == {FANGS, LINS, OPS}
    for letter in mail.outbox:
        assert "<b>100" not in html_of(letter)
        page = unescape(html_of(letter))
        said, _dashes, _foot = letter.body.partition("\n-- ")
        for line in said.splitlines():
            for part in re.split(r": |：", line, maxsplit=1):
                assert part in page, line


# By machine, and on open pages


def test_frames_go_to_both_and_webhooks_name_the_order_and_nobody(order, fang, lin, store):
    bare_hook(store)
    ask(order, Actor.of(fang))

    for one in (fang, lin.user):
        frame = UserEvent.objects.filter(user=one, event="appointment-updated").latest("u")
        assert frame.payload["data"]["change"] == "cancel_requested"
        check({"event": frame.event, "u": frame.u, **frame.payload})
    push = UserEvent.objects.filter(user=lin.user, event="notification").latest("u")
    assert push.payload["type"] == 20
    check({"event": push.event, "u": push.u, **push.payload})
    post = WebhookDelivery.objects.latest("pk")
    assert post.event_name == "order.cancel_requested"
    assert post.facts["order_number"] == order.order.number
    assert (post.facts["amount"], post.facts["cancel_request_state"]) == ("200.00", "open")
    assert HERE not in str(post.facts)
    assert "Plans" not in str(post.facts)


def test_whoever_does_not_wish_to_hear_of_it_does_not(order, fang, lin):
    for channel in ("email", "in_app"):
        lin.user.notification_preferences.create(kind="cancel_requested", channel=channel)

    ask(order, Actor.of(fang))

    assert "cancel_requested" not in told(lin.user)
    assert not Delivery.objects.filter(letter="cancel_asked").exists()


def _sent(at):
    mail.outbox.clear()
    deliver_due(at=at)
    return mail.outbox


def test_what_was_told_of_an_order_is_gone_with_its_customer(order, fang, lin, ops):
    ask(order, Actor.of(fang))
    answer(order, acting(lin), False, reason="I am on my way")
    assert "Fang" in str([row.content for row in lin.user.notifications.all()])
    # Until then both sides have to be read.
    decide(order, Actor.of(ops), call_off=False, refund_percent=0, reason="They may come")

    at_the_edge(erase_account, fang, by=Actor.of(fang), at=SOON + MINUTE)

    for one in (lin.user, ops):
        rows = "".join(row.title + row.content for row in one.notifications.all())
        assert "Fang" not in rows
        assert HERE not in rows
