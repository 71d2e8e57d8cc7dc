"""A day of an operator who looks after conversations: from a report to the message, and to a
setting that would have kept it out."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import ChatLogEntry, Message, MessageReport
from chat.selectors.policy import listed_words
from chat.selectors.reading import thread_of
from chat.services import report
from tests.accounts.people import make_user
from tests.chat import talk
from tests.factories import RealtorFactory, StoreFactory

from .conftest import Walk

DESK = {"width": 1440, "height": 900}
TRICK = "Please send the deposit to my cousin, not to the store."


@pytest.fixture
def olga(transactional_db: None) -> User:
    return make_user("olga@example.com", display_name="Olga", is_staff=True, is_superuser=True)


@pytest.fixture
def told(olga: User) -> MessageReport:
    """Lin has reported what Wei wrote to her."""
    at = timezone.now() - timedelta(hours=1)
    lin = make_user("lin@example.com", display_name="Lin", phone="+8613800000007")
    wei = make_user("wei@example.com", display_name="Wei", phone="+8613800000008")
    RealtorFactory(store=StoreFactory(name="Nanjing Road"), user=wei, name="Wei")
    both = talk.between(lin, wei, at=at)
    talk.say(lin, both, "Hello, is the flat still free on Friday?", at=at)
    talk.say(wei, both, "It is. You can have the keys at ten.", at=at)
    trick = talk.say(wei, both, TRICK, at=at)
    talk.say(lin, both, "", kind="sticker", sticker="wait", at=at, reply_to_id=trick.pk)
    thread = thread_of(lin, both.pk)
    given = {"reason": "fraud", "words": "He wants money past the store.", "by": Actor.of(lin)}
    return run_in_transaction(lambda: report(thread, message=trick, at=at, **given))


def test_a_day_of_a_moderator(walk: Callable[..., Walk], olga: User, told: MessageReport):
    desk = walk(viewport=DESK)
    desk.sign_in(olga.email, to="/admin/")
    finds_what_was_reported(desk)
    reads_it_with_a_reason(desk, told)
    hides_it(desk, told)
    keeps_the_word_out(desk)


def finds_what_was_reported(desk: Walk) -> None:
    page = desk.page
    page.get_by_role("link", name=re.compile("1 Reported messages")).click()
    expect(page.get_by_role("link", name="To decide")).to_be_visible()
    desk.fits()
    assert TRICK not in page.content()
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_text(TRICK)).to_be_visible()
    desk.fits()


def reads_it_with_a_reason(desk: Walk, told: MessageReport) -> None:
    page = desk.page
    page.get_by_role("link", name="Read this conversation").click()
    expect(page.get_by_label("Reason")).to_have_value(re.compile(f"Report #{told.pk}"))
    page.get_by_role("button", name="Read this conversation").click()
    expect(page.get_by_text("the flat still free")).to_be_visible()
    desk.fits()
    assert ChatLogEntry.objects.filter(action="read").count() == 1


def hides_it(desk: Walk, told: MessageReport) -> None:
    page = desk.page
    assert told.message is not None
    said = page.locator(f"#said-{told.message.seq}")
    said.get_by_role("link", name="Hide the message").click()
    page.get_by_label("Reason").fill("Asks for money past the store.")
    page.get_by_role("button", name="Hide the message").click()
    expect(page.get_by_text("Hidden by staff").first).to_be_visible()
    desk.fits()
    assert Message.objects.get(pk=told.message_id).hidden_at is not None
    told.refresh_from_db()
    assert told.state == "upheld"


def keeps_the_word_out(desk: Walk) -> None:
    page = desk.page
    desk.go("/admin/")
    page.get_by_role("link", name="Policy and words").click()
    page.get_by_label("Words with which a message is not sent").fill("deposit to my cousin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds from now on.")).to_be_visible()
    desk.fits()
    assert listed_words() == ([], ["deposit to my cousin"])
