"""Ordering a service of whom one talks to, and what both do with the order there."""

import re

import pytest
from django.test import Client

from accounts.models import User
from appointments import services
from appointments.models import Appointment, CancelRequest, Status
from appointments.presenters.times import stamp
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation
from chat.services import open_direct, order_in
from realtors.models import Listing, Realtor
from tests.appointments.orders import order_wish, service
from tests.appointments.world import HOUR, NOW, clock
from tests.chat import talk
from tests.factories import UserFactory

from .visits import at_home, look, thread

TEN = clock("10:00")


@pytest.fixture
def cleaning(wei: Realtor, wei_user: User) -> Listing:
    """Two hours for 200 yuan a visit."""
    return service(wei.store, provider=wei)


@pytest.fixture
def about_it(fang: User, wei_user: User, cleaning: Listing) -> Conversation:
    by = Actor.of(fang)
    return open_direct(wei_user, listing=cleaning, by=by, at=NOW).conversation


@pytest.fixture
def made(about_it: Conversation, fang: User, cleaning: Listing) -> Appointment:
    wish = order_wish(cleaning, fang, TEN, amount=150, address="Anfu Road 7")
    return run_in_transaction(lambda: order_in(about_it, wish, by=Actor.of(fang), at=NOW))


def press(client: Client, conversation: Conversation, order: Appointment, do: str, why: str = ""):
    return client.post(thread(conversation, f"orders/{order.pk}/"), {"do": do, "reason": why})


def buttons(page: str) -> list[str]:
    return re.findall(r'name="do" value="(\w+)"', page)


def asking_form(part: str, order: Appointment) -> str:
    """The only one on a card that asks about one step only."""
    (form,) = re.findall(rf'<form[^>]* action="[^"]*/orders/{order.pk}/">.*?</form>', part)
    return str(form)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def test_from_the_page_of_a_service_to_an_order_where_the_two_talk(
    cleaning: Listing, wei_user: User, hers: Client
):
    assert f'name="listing" value="{cleaning.pk}"' in look(hers, f"/listings/{cleaning.pk}/")
    asked = hers.post("/chat/new/", {"to": wei_user.pk, "listing": cleaning.pk})["Location"]
    assert f'href="{asked}order/"' in look(hers, asked)

    times = hers.get(f"{asked}order/")["Location"]
    assert "Conversation with Wei" in look(hers, times)
    form = hers.post(times, {"starts_at": stamp(TEN)})["Location"]
    page = look(hers, form)
    facts = {name: hidden(page, name) for name in ("key", "listed_price")}
    facts |= {"address": "Anfu Road 7", "name": "Fang", "phone": "138 0000 0009", "amount": "180"}
    answer = hers.post(form, facts)

    assert answer["Location"] == asked
    order = Appointment.objects.get()
    assert (order.final_price, order.chat_link.conversation.pk) == (
        180,
        int(asked.strip("/").split("/")[-1]),
    )
    page = look(hers, asked)
    for said in ("Ordered, for an amount of the customer", "Anfu Road 7", order.order.number):
        assert said in page


def test_the_page_of_ordering_leads_into_the_conversation(
    about_it: Conversation, cleaning: Listing, hers: Client
):
    answer = hers.get(f"/services/{cleaning.pk}/order/", {"conversation": about_it.pk})

    assert answer["Location"] == thread(about_it, f"order/{cleaning.pk}/")


def test_of_somebody_with_many_services_one_chooses(
    talking: Conversation, wei: Realtor, cleaning: Listing, hers: Client, his: Client
):
    service(wei.store, provider=wei, title="Gardening")

    page = look(hers, thread(talking, "order/"))

    assert page.index("Cleaning") < page.index("Gardening")
    assert f'href="{thread(talking, f"order/{cleaning.pk}/")}"' in page
    # Whoever offers nothing is not ordered from.
    assert thread(talking, "order/") not in look(his, thread(talking))
    assert "offers no services" in look(his, thread(talking, "order/"))


def test_the_two_see_on_the_card_what_they_can_do(
    made: Appointment, about_it: Conversation, hers: Client, his: Client
):
    page = look(his, thread(about_it))
    for said in ("¥150 (listed at ¥200)", "This amount is a proposal", made.order.number):
        assert said in page
    assert buttons(page) == ["confirm", "decline"]
    assert buttons(look(hers, thread(about_it))) == ["cancel"]

    assert press(his, about_it, made, "confirm")["Location"] == thread(about_it)

    page = look(hers, thread(about_it))
    assert f'href="/bookings/{made.code}/pay/"' in page
    assert buttons(page) == ["ask"]
    assert "The order is confirmed" in page


def test_work_is_begun_and_ended_there(
    made: Appointment, about_it: Conversation, his: Client, hers: Client, monday_morning
):
    press(his, about_it, made, "confirm")
    assert "start" not in buttons(look(his, thread(about_it)))
    monday_morning.move_to(TEN)
    assert "start" in buttons(look(his, thread(about_it)))
    press(his, about_it, made, "start")
    monday_morning.move_to(TEN + HOUR)
    press(his, about_it, made, "complete")

    made.refresh_from_db()
    assert made.status == Status.COMPLETED
    services.note_paid(made, at=TEN + HOUR)
    page = look(hers, thread(about_it))
    assert f'href="/appointments/{made.code}/review/"' in page
    assert buttons(page) == []


def test_a_wish_to_call_it_off_is_answered_there(
    made: Appointment, about_it: Conversation, hers: Client, his: Client
):
    press(his, about_it, made, "confirm")
    press(hers, about_it, made, "ask", "I am ill")

    page = look(his, thread(about_it))
    assert "I am ill" in page
    assert "The other side asks to call it off" in page
    assert buttons(page) == ["agree", "refuse"]
    assert buttons(look(hers, thread(about_it))) == ["take_back"]
    press(his, about_it, made, "refuse", "I am on my way")
    assert CancelRequest.objects.get().answer == "I am on my way"
    assert buttons(look(his, thread(about_it))) == ["agree"]
    press(his, about_it, made, "agree")

    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    assert "Both sides agreed: the order is called off" in look(hers, thread(about_it))


def test_with_enter_a_reason_goes_along_with_its_own_step(
    made: Appointment, about_it: Conversation, fang: User, his: Client
):
    """Also from a card that has come while the page was open."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(fang)
    form = asking_form(look(client, thread(about_it, "messages/"), after="0"), made)
    # What Enter presses is the form's first button, and it has the one.
    assert re.findall(r"<button[^>]*>([^<]*)<", form) == ["Call the order off"]
    assert re.findall(r'<input[^>]* name="(\w+)"', form) == ["csrfmiddlewaretoken", "do", "reason"]
    assert ' form="' not in form

    names = ("csrfmiddlewaretoken", "do")
    fields = {name: hidden(form, name) for name in names} | {"reason": "Ill\u202e"}
    assert client.post(thread(about_it, f"orders/{made.pk}/"), fields).status_code == 302

    made.refresh_from_db()
    assert (made.status, made.cancel_reason) == (Status.CANCELLED, "Ill")


def test_what_asks_why_says_on_its_last_button_what_it_does(
    made: Appointment, about_it: Conversation, hers: Client, his: Client
):
    def labels(client: Client) -> list[str]:
        form = r'<summary class="[^"]*btn[^"]*">([^<]*)</summary><form.*?<button[^>]*>([^<]*)<'
        return re.findall(form, look(client, thread(about_it)))

    assert labels(hers) == [("Call it off", "Call the order off")]
    assert labels(his) == [("Decline", "Decline it")]
    press(his, about_it, made, "confirm")
    assert labels(hers) == [("Ask to call it off", "Ask them")]
    press(hers, about_it, made, "ask")
    assert labels(his) == [("Do not agree", "No, the order stands")]
    page = look(his, thread(about_it))
    agree = re.search(r'<button class="([^"]*)"[^>]*>Agree to call it off<', page)
    assert agree is not None
    assert "btn--danger" in agree[1]


def test_who_asks_for_what_the_other_has_asked_for_hears_that_it_is_called_off(
    made: Appointment, about_it: Conversation, hers: Client, his: Client
):
    press(his, about_it, made, "confirm")
    press(hers, about_it, made, "ask")
    assert "They have been asked. Until they agree" in look(hers, thread(about_it))

    press(his, about_it, made, "ask")

    assert "Called off: both of you agreed." in look(his, thread(about_it))


def test_what_may_not_be_done_is_said(made: Appointment, about_it: Conversation, hers: Client):
    answer = press(hers, about_it, made, "confirm")
    assert answer["Location"] == thread(about_it)
    assert "You may not do this." in look(hers, thread(about_it))
    press(hers, about_it, made, "cancel", "x" * 201)
    assert "at most 200 characters" in look(hers, thread(about_it))

    made.refresh_from_db()
    assert made.status == Status.PENDING


def test_others_and_other_conversations_have_no_part_in_it(
    made: Appointment,
    about_it: Conversation,
    fang: User,
    mei: User,
    wei_user: User,
    cleaning: Listing,
    hers: Client,
):
    stranger = at_home(mei)
    assert press(stranger, about_it, made, "cancel").status_code == 404
    for rest in ("order/", f"order/{cleaning.pk}/", f"order/{cleaning.pk}/details/"):
        assert stranger.get(thread(about_it, rest)).status_code == 404
        assert Client().get(thread(about_it, rest))["Location"].startswith("/accounts/")
    elsewhere = talk.between(fang, UserFactory(), at=NOW)
    assert press(hers, elsewhere, made, "cancel").status_code == 404
    assert hers.get(thread(elsewhere, f"order/{cleaning.pk}/")).status_code == 404
    assert press(hers, about_it, made, "marry").status_code == 404
    assert hers.get(thread(about_it, f"orders/{made.pk}/"))["Location"] == thread(about_it)


@pytest.mark.parametrize("count", [1, 6])
def test_many_orders_cost_no_more_queries(
    count: int,
    about_it: Conversation,
    fang: User,
    wei: Realtor,
    hers: Client,
    django_assert_max_num_queries,
):
    short = service(wei.store, provider=wei, title="Ironing", duration_minutes=30)
    for number in range(count):
        wish = order_wish(short, fang, TEN + number * HOUR)
        run_in_transaction(lambda wish=wish: order_in(about_it, wish, by=Actor.of(fang), at=NOW))

    with django_assert_max_num_queries(15):
        page = look(hers, thread(about_it))

    assert page.count("talk-order card") == count
