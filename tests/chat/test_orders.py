"""Orders that are made in a conversation: by whom, and that what is said there keeps in step."""

import pytest
import time_machine
from django.utils import translation

from appointments import errors, services
from appointments.models import RequestState
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.transactions import run_in_transaction
from chat.errors import Archived, Blocked
from chat.events import CardChanged
from chat.models import Block, Message, OrderLink
from chat.presenters.messages import message_data
from chat.presenters.notes import CARDS_OF
from chat.receivers import WHAT
from chat.selectors.orders import conversation_ids_of
from chat.selectors.reading import messages_page, thread_of
from chat.services import open_direct, order_in, put_away
from tests.appointments.orders import order, order_wish, service
from tests.appointments.world import HOUR, NOW, clock, hire, open_store
from tests.callers import data_of, refusal_of
from tests.factories import ListingFactory, manager_of

from .door import app, at
from .talk import between, group, heard

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cleaning(db):
    return service(open_store(), "Wang")


@pytest.fixture
def wang(cleaning):
    return cleaning.realtor.user


@pytest.fixture
def talk(lin, wang, cleaning):
    """Lin has asked Wang about the cleaning."""
    return asked(lin, wang, cleaning)


def asked(who, other, listing):
    by = Actor.of(who)
    return run_in_transaction(
        lambda: open_direct(other, listing=listing, by=by, at=NOW)
    ).conversation


def ordered(talk, listing, who, starts_at=TEN, *, by=None, **more):
    wish = order_wish(listing, who, starts_at, **more)
    actor = Actor.of(by or who)
    return run_in_transaction(lambda: order_in(talk, wish, by=actor, at=NOW))


def anybodys(store):
    """A service that whoever is free there does."""
    fields = {"price": 100, "price_unit": "visit", "duration_minutes": 60}
    return ListingFactory(kind="service", store=store, realtor=None, **fields)


def cards(talk):
    rows = Message.objects.filter(conversation=talk, kind="order").order_by("seq")
    return [(row.meta["what"], row.meta["status"]) for row in rows]


def done(verb, made, by, **how):
    actor = by if by is SYSTEM else Actor.of(by)
    at = how.pop("at", NOW)
    return run_in_transaction(lambda: verb(made, by=actor, at=at, **how))


def as_told(who, talk):
    """The card that each message about an order holds, for one of the two."""
    thread = thread_of(who, talk.pk)
    told = [message_data(one) for one in messages_page(thread)]
    return [one["metadata"]["order"] for one in told if "order" in one["metadata"]]


# Ordering


def test_an_order_is_made_where_the_two_talk(lin, talk, cleaning):
    made = ordered(talk, cleaning, lin)

    assert (made.realtor, made.status, made.user) == (cleaning.realtor, "pending", lin)
    assert made.chat_link.conversation == talk
    assert cards(talk) == [("ordered", "pending")]


@translation.override("en")
def test_of_another_amount_it_is_said_that_it_is_the_customer_s(lin, talk, cleaning):
    ordered(talk, cleaning, lin, amount=150)

    told = message_data(messages_page(thread_of(lin, talk.pk))[-1])
    assert told["content"]["text"] == "Ordered, for an amount of the customer's own"
    order = told["metadata"]["order"]
    assert (order["totalAmount"], order["isProposal"], order["currency"]) == (150, True, "CNY")
    assert order["orderNumber"].startswith("20260302")


def test_one_conversation_holds_many_orders_each_as_it_is(lin, wang, talk, cleaning):
    first = ordered(talk, cleaning, lin)
    second = ordered(talk, cleaning, lin, clock("15:00"))
    done(services.accept, second, wang)

    assert [(one["orderId"], one["status"]) for one in as_told(lin, talk)] == [
        (str(first.pk), "pending"),
        (str(second.pk), "confirmed"),
        (str(second.pk), "confirmed"),
    ]
    assert conversation_ids_of([first, second], lin) == {first.pk: talk.pk, second.pk: talk.pk}


def test_what_nobody_in_particular_does_is_done_by_whom_one_talks_to(lin, wang, cleaning, talk):
    hire(cleaning.store, "Ming")
    gardening = anybodys(cleaning.store)

    assert ordered(talk, gardening, lin).realtor == cleaning.realtor


def test_of_a_time_that_is_taken_nothing_is_written(lin, mei, wang, cleaning, talk):
    ordered(asked(mei, wang, cleaning), cleaning, mei)

    with pytest.raises(errors.SlotTaken):
        ordered(talk, cleaning, lin)

    assert cards(talk) == []
    assert not OrderLink.objects.filter(conversation=talk).exists()


# Who may


def test_to_who_is_not_in_it_the_conversation_is_not_there(mei, bao, talk, cleaning):
    for who in (mei, bao, manager_of(cleaning.store)):
        with pytest.raises(NotFound):
            ordered(talk, cleaning, who)


def test_nobody_orders_for_the_other_side(lin, wang, bao, talk, cleaning):
    with pytest.raises(Forbidden):
        ordered(talk, cleaning, lin, by=wang)
    with pytest.raises(Forbidden):
        ordered(talk, cleaning, lin, by=bao)
    with pytest.raises(Invalid):
        ordered(talk, cleaning, wang)


def test_where_one_has_blocked_the_other_nothing_is_ordered(lin, wang, talk, cleaning):
    block = Block.objects.create(blocker=wang, blocked=lin, created_at=NOW)
    with pytest.raises(Blocked):
        ordered(talk, cleaning, lin)
    block.delete()
    Block.objects.create(blocker=lin, blocked=wang, created_at=NOW)
    with pytest.raises(Blocked):
        ordered(talk, cleaning, lin)


def test_in_what_is_put_away_nothing_is_ordered(lin, talk, cleaning):
    put_away(talk, at=NOW)

    with pytest.raises(Archived):
        ordered(talk, cleaning, lin)


def test_groups_order_nothing(lin, wang, mei, cleaning):
    three = group(lin, wang, mei, at=NOW)

    with pytest.raises(Conflict):
        ordered(three, cleaning, lin)


def test_only_what_the_other_offers_is_ordered(lin, wei, wang, talk, cleaning):
    elsewhere = service(open_store("other"), "Qiang")
    with pytest.raises(NotFound) as refused:
        ordered(talk, elsewhere, lin)
    assert "serviceId" in refused.value.errors
    colleague = service(cleaning.store, "Ming")
    with pytest.raises(NotFound):
        ordered(talk, colleague, lin)


# In step


def test_through_its_whole_life_the_card_is_what_the_order_is(lin, wang, talk, cleaning):
    made = ordered(talk, cleaning, lin)
    steps = [
        (lambda: done(services.accept, made, wang), "confirmed", True),
        (lambda: run_in_transaction(lambda: services.note_paid(made, at=NOW)), "confirmed", False),
        (lambda: done(services.start, made, wang, at=TEN), "in_progress", False),
        (lambda: done(services.complete, made, wang, at=TEN + HOUR), "completed", False),
    ]
    for step, status, unpaid in steps:
        with heard(CardChanged) as news:
            step()
        assert {one.appointment_id for one in news} == {made.pk}
        for who in (lin, wang):
            told = as_told(who, talk)
            assert {(one["status"], one["awaitsPayment"]) for one in told} == {(status, unpaid)}

    assert [what for what, _status in cards(talk)] == [
        "ordered",
        "confirmed",
        "paid",
        "started",
        "completed",
    ]


def test_what_becomes_of_calling_it_off_is_said_and_on_the_card(lin, wang, talk, cleaning):
    made = ordered(talk, cleaning, lin)
    done(services.accept, made, wang)

    done(services.ask_to_cancel, made, lin, reason="Ill")
    for who in (lin, wang):
        request = as_told(who, talk)[0]["cancelRequest"]
        assert (request["askedBy"], request["state"]) == ("customer", "open")
    done(services.answer_cancel_request, made, wang, agree=False)
    assert as_told(lin, talk)[0]["cancelRequest"]["state"] == "disputed"
    done(services.answer_cancel_request, made, wang, agree=True)

    assert as_told(lin, talk)[0]["cancelRequest"] is None
    assert cards(talk)[2:] == [
        ("cancel_asked_by_customer", "confirmed"),
        ("cancel_disputed", "confirmed"),
        ("cancel_agreed", "cancelled"),
    ]


def test_every_word_for_what_may_become_of_an_order_is_known():
    kinds = {f"cancel_{state}" for state in RequestState} | set(WHAT.values())

    assert kinds <= set(CARDS_OF["order"])


def test_taken_from_its_provider_they_see_no_more_of_it(lin, wang, talk, cleaning):
    ming = hire(cleaning.store, "Ming")
    anybody = anybodys(cleaning.store)
    made = ordered(talk, anybody, lin)

    with heard(CardChanged):
        done(services.reassign, made, manager_of(cleaning.store), realtor=ming, reason="ill")

    assert as_told(wang, talk) == [None]
    assert as_told(lin, talk)[0]["realtorName"] == "Ming"
    assert len(cards(talk)) == 1
    talk.refresh_from_db()
    assert talk.is_active


def test_about_an_order_one_talks_where_it_was_made(lin, wang, mei, talk, cleaning):
    made = ordered(talk, cleaning, lin)

    for who, other in ((lin, wang), (wang, lin)):
        assert between(who, other, about=made, at=NOW) == talk


def test_of_an_order_made_elsewhere_one_finds_what_is_about_it(lin, wang, mei, cleaning):
    made = order(cleaning, lin, TEN)
    assert conversation_ids_of([made], lin) == {}

    about = between(lin, wang, about=made, at=NOW)

    assert conversation_ids_of([made], lin) == {made.pk: about.pk}
    assert conversation_ids_of([made], mei) == {}
    assert cards(about) == [("opened", "pending")]
    done(services.accept, made, wang)
    assert [one["status"] for one in as_told(wang, about)] == ["confirmed"] * 2


# Over HTTP


def wanted(**more):
    body = {"scheduledTime": "2026-03-02T10:00:00+08:00", "notes": "Two rooms"}
    return body | {"customerAddress": {"address": "Huaihai Road 1"}} | more


def test_the_service_is_the_one_that_is_talked_about(lin, talk, cleaning):
    answer = app(lin).post(at(talk, "orders"), wanted(totalAmount=180))

    made = data_of(answer, 201)
    assert (made["serviceId"], made["conversationId"]) == (str(cleaning.pk), str(talk.pk))
    assert (made["totalAmount"], made["isProposal"], made["status"]) == (180, True, "pending")
    told = data_of(app(lin).get(f"conversations/{talk.pk}/messages"))[-1]
    assert (told["messageType"], told["content"]["orderId"]) == ("order", made["id"])
    assert told["metadata"]["order"]["orderNumber"] == made["orderNumber"]


def test_sent_again_under_its_key_it_is_one_order(lin, talk, cleaning):
    first, again = (
        app(lin).post(at(talk, "orders"), wanted(), idempotency_key="once") for _ in range(2)
    )

    assert data_of(first, 201)["id"] == data_of(again, 201)["id"]
    assert OrderLink.objects.count() == 1


def test_what_is_wrong_is_said_by_field(lin, mei, wang, talk, cleaning):
    elsewhere = service(open_store("other"), "Qiang")
    send = app(lin).post
    answer = send(at(talk, "orders"), wanted(serviceId=elsewhere.pk))
    assert list(refusal_of(answer, 404, "not_found")) == ["serviceId"]
    answer = send(at(talk, "orders"), wanted(totalAmount=-1))
    assert list(refusal_of(answer, 400, "invalid")) == ["totalAmount"]
    answer = send(at(between(lin, wang, at=NOW), "orders"), wanted())
    assert list(refusal_of(answer, 400, "invalid")) == ["serviceId"]
    ordered(asked(mei, wang, cleaning), cleaning, mei)
    answer = send(at(talk, "orders"), wanted())
    assert list(refusal_of(answer, 409, "slot_taken")) == ["nextFreeStarts"]
