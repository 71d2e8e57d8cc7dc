"""From a realtor's page and from an appointment to a conversation."""

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Conversation
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.world import clock

from .visits import at_home, look, thread


def test_asking_a_realtor_opens_a_conversation(wei: Realtor, wei_user: User, hers: Client):
    page = look(hers, f"/realtors/{wei.pk}/")
    assert 'action="/chat/new/"' in page

    answer = hers.post("/chat/new/", {"to": wei_user.pk})

    made = Conversation.objects.get()
    assert answer["Location"] == thread(made)
    assert hers.post("/chat/new/", {"to": wei_user.pk})["Location"] == thread(made)


def test_looking_at_the_page_that_asks_begins_nothing(wei: Realtor, wei_user: User, hers: Client):
    assert "Write to Wei" in look(hers, "/chat/new/", to=str(wei_user.pk))

    assert not Conversation.objects.exists()


def test_a_guest_is_led_to_sign_in_and_back_to_the_question(
    lan, wei: Realtor, wei_user: User, fang: User
):
    page = lan.look(f"/realtors/{wei.pk}/")
    assert f"/chat/new/?to={wei_user.pk}" in page

    answer = lan.client.get(f"/chat/new/?to={wei_user.pk}")

    assert answer["Location"] == f"/accounts/login/?next=/chat/new/%3Fto%3D{wei_user.pk}"


def test_a_question_is_not_lost_where_one_was_signed_out_meanwhile(db: None):
    answer = Client().post("/chat/new/", {"to": "7", "about": "9"})

    assert answer["Location"] == "/accounts/login/?next=/chat/new/%3Fto%3D7%26about%3D9"


@pytest.mark.parametrize("to", ["", "x", "0", "9" * 30])
def test_nobody_is_asked_who_is_nobody(hers: Client, to: str):
    assert hers.get("/chat/new/", {"to": to}).status_code == 404


def test_of_a_stranger_not_even_the_name_is_said(hers: Client, fang: User, mei: User):
    assert hers.get("/chat/new/", {"to": mei.pk}).status_code == 404
    assert hers.post("/chat/new/", {"to": mei.pk}).status_code == 404
    assert hers.post("/chat/new/", {"to": fang.pk}).status_code == 404


def test_both_write_to_each_other_from_their_pages_of_an_appointment(
    store: Store, wei: Realtor, wei_user: User, fang: User, hers: Client, his: Client
):
    booked = world.confirmed(store, clock("14:00"), customer=fang, realtor=wei)
    about = f'name="about" value="{booked.pk}"'
    assert about in look(hers, f"/appointments/{booked.code}/")
    assert about in look(his, f"/console/appointments/{booked.pk}/")

    hers.post("/chat/new/", {"to": wei_user.pk, "about": booked.pk})

    made = Conversation.objects.get()
    assert made.appointment == booked
    answer = his.post("/chat/new/", {"to": fang.pk, "about": booked.pk})
    assert answer["Location"] == thread(made)
    page = look(his, thread(made))
    assert f"/console/appointments/{booked.pk}/" in page
    assert "About this appointment" in page
    assert f"/appointments/{booked.code}/" in look(hers, thread(made))


def test_an_appointment_of_others_is_nothing_to_write_about(
    store: Store, wei: Realtor, wei_user: User, fang: User, mei: User
):
    booked = world.confirmed(store, clock("14:00"), customer=fang, realtor=wei)

    for about in (booked.pk, 987_654):
        answer = at_home(mei).post("/chat/new/", {"to": wei_user.pk, "about": about})
        assert answer.status_code == 404
        # Whom she may ask about nothing in particular; its code and place are nobody else's.
        asked = at_home(mei).get("/chat/new/", {"to": wei_user.pk, "about": about})
        assert asked.status_code == 404
        assert booked.code not in asked.content.decode()
