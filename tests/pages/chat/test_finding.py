"""Finding what was said, and what the site says."""

from django.test import Client

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Conversation
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import look, thread


def test_names_and_words_are_found(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client
):
    talk.say(wei_user, talking, "The balcony faces south", at=NOW)
    other = talk.between(wei_user, mei, at=NOW)
    talk.say(wei_user, other, "Another balcony", at=NOW)

    page = look(hers, "/chat/search/", q="balcony")
    assert "The balcony faces south" in page
    assert "Another balcony" not in page
    assert f'id="talk-{talking.pk}"' in look(hers, "/chat/search/", q="wei")
    assert "Nothing found" in look(hers, "/chat/search/", q="cellar")
    assert "Type a name" in look(hers, "/chat/search/", q="  ")


def test_the_site_writes_and_nobody_answers_it(fang: User, hers: Client):
    site = run_in_transaction(lambda: services.system_conversation(fang, at=NOW))
    run_in_transaction(lambda: services.write_to(site, "Your review was hidden.", at=NOW))

    page = look(hers, thread(site))

    assert "Your review was hidden." in page
    assert "data-composer" not in page
    assert Actor.of(fang).user == fang
