"""What holds for all conversations, and where operators say so."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.models import SystemConfig
from chat.selectors.policy import chat_policy, listed_words
from chat.services import Figures, set_policy, set_words
from tests.backoffice.conftest import signed_in

from .conftest import NOW

pytestmark = pytest.mark.django_db
SENT = {
    "archive_days": "14",
    "retention_days": "0",
    "unseen_minutes": "5",
    "mask": "damn\n坏蛋\n damn ",
    "refuse": "",
}


@pytest.fixture
def page():
    return reverse("admin:chat_block_policy")


def test_figures_are_kept_and_the_record_of_edits_says_what_they_were(bao):
    by = Actor.of(bao)
    set_policy(Figures(30, 0, 10), by=by, at=NOW)
    assert set_policy(Figures(14, 365, 10), by=by, at=NOW) is True

    policy = chat_policy()
    assert policy.archive_after == timedelta(days=14)
    assert policy.retention == timedelta(days=365)
    entry = LogEntry.objects.order_by("-pk")[0]
    assert (entry.user, entry.object_repr, entry.action_time) == (bao, "chat-policy", NOW)
    assert entry.change_message == "archive_days: 30 → 14; retention_days: 0 → 365"


def test_what_is_the_same_is_no_change(bao):
    by = Actor.of(bao)
    set_policy(Figures(30, 0, 10), by=by, at=NOW)

    assert set_policy(Figures(30, 0, 10), by=by, at=NOW) is False
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (Figures(0, 0, 10), "archive_days"),
        (Figures(3651, 0, 10), "archive_days"),
        (Figures(30, 29, 10), "retention_days"),
        (Figures(30, 3651, 10), "retention_days"),
        (Figures(30, 0, 0), "unseen_minutes"),
        (Figures(30, 0, 1441), "unseen_minutes"),
    ],
)
def test_figures_have_bounds(bao, figures, field):
    with pytest.raises(Invalid) as refused:
        set_policy(figures, by=Actor.of(bao), at=NOW)

    assert set(refused.value.errors) == {field}
    assert not SystemConfig.objects.exists()


def test_words_are_kept_each_once(bao):
    set_words([" damn ", "damn", "", "two  words"], ["坏蛋"], by=Actor.of(bao), at=NOW)

    assert listed_words() == (["damn", "two words"], ["坏蛋"])
    assert LogEntry.objects.get().change_message == "mask: + damn, + two words; refuse: + 坏蛋"


@pytest.mark.parametrize("words", [["x" * 41], [str(number) for number in range(1001)]])
def test_lists_and_words_have_an_end(bao, words):
    with pytest.raises(Invalid) as refused:
        set_words([], words, by=Actor.of(bao), at=NOW)

    assert set(refused.value.errors) == {"refuse"}


def test_what_else_stands_in_the_row_stays(bao):
    SystemConfig.objects.create(key="chat-policy", value={"another": 1})

    set_policy(Figures(14, 0, 10), by=Actor.of(bao), at=NOW)

    assert SystemConfig.objects.get().value["another"] == 1


def test_an_operator_sets_it_on_one_page(bao, page):
    client = signed_in(bao)
    assert client.get(page).context["form"]["archive_days"].value() == 30

    assert client.post(page, SENT).status_code == 302

    assert chat_policy().archive_after == timedelta(days=14)
    assert listed_words() == (["damn", "坏蛋"], [])
    html = client.get(page).content.decode()
    assert "put away 14 days after the last message" in html
    assert "damn\n坏蛋" in html


def test_who_deletes_more_than_before_says_that_they_mean_it(bao, page):
    client = signed_in(bao)
    more = {**SENT, "retention_days": "365"}

    asked = client.post(page, more)
    assert set(asked.context["form"].errors) == {"sure"}
    assert chat_policy().retention is None

    client.post(page, {**more, "sure": "on"})
    assert chat_policy().retention == timedelta(days=365)
    # Less is deleted, or as much: nobody is asked.
    assert client.post(page, {**SENT, "retention_days": "400"}).status_code == 302
    assert client.post(page, {**SENT, "retention_days": "0"}).status_code == 302


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(bao, page):
    answer = signed_in(bao).post(page, {**SENT, "archive_days": "0", "mask": "x" * 41})

    assert set(answer.context["form"].errors) == {"archive_days"}
    assert not SystemConfig.objects.exists()
    answer = signed_in(bao).post(page, {**SENT, "mask": "x" * 41})
    assert set(answer.context["form"].errors) == {"mask"}
    assert not SystemConfig.objects.exists()


def test_the_page_says_when_another_filter_is_in_use(bao, page, settings):
    assert "Another filter" not in signed_in(bao).get(page).content.decode()
    settings.CHAT_WORD_FILTER = "somewhere.Else"

    assert "somewhere.Else" in signed_in(bao).get(page).content.decode()
