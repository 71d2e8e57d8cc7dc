"""Words that become stars, and words with which nothing is sent. Staff keep the lists; another
filter can be named by a setting."""

import pytest

from booking_site.common.actors import Actor
from booking_site.common.errors import Unavailable
from booking_site.common.models import SystemConfig
from chat.errors import WordsRefused
from chat.gateways.words import Verdict, word_filter
from chat.models import ChatLogEntry, Message
from chat.services import edit, rename

from .conftest import NOW
from .talk import group, say

pytestmark = pytest.mark.django_db


def lists(mask=(), refuse=()):
    value = {"mask": list(mask), "refuse": list(refuse)}
    SystemConfig.objects.update_or_create(key="chat-words", defaults={"value": value})


def cleaned(text):
    return word_filter().look_at(text).text


def test_without_lists_everything_is_said(lin, lin_and_wei):
    assert say(lin, lin_and_wei, "Damn", at=NOW).body == "Damn"
    assert not ChatLogEntry.objects.exists()


def test_a_listed_word_becomes_as_many_stars_and_the_log_says_so(lin, lin_and_wei):
    lists(mask=["damn", "darned"])

    message = say(lin, lin_and_wei, "Damn, the darned key!", at=NOW)

    assert Message.objects.get(pk=message.pk).body == "****, the ****** key!"
    entry = ChatLogEntry.objects.get()
    assert (entry.action, entry.message, entry.reason) == ("filtered", message, "")


def test_with_another_word_nothing_is_sent_and_no_number_is_taken(lin, lin_and_wei):
    lists(refuse=["wire the money"])

    with pytest.raises(WordsRefused) as refused:
        say(lin, lin_and_wei, "Please WIRE the money", at=NOW)

    assert (refused.value.code, refused.value.status) == ("words_refused", 400)
    assert not Message.objects.exists()
    lin_and_wei.refresh_from_db()
    assert lin_and_wei.last_seq == 0


def test_the_name_of_a_group_goes_through_it_too(lin, wei):
    lists(mask=["damn"], refuse=["wire"])
    flat = group(lin, wei, name="Damn flats", at=NOW)
    assert flat.name == "**** flats"

    with pytest.raises(WordsRefused):
        rename(flat, name="Wire us", by=Actor.of(wei), at=NOW)
    assert rename(flat, name="Flats, damn", by=Actor.of(wei), at=NOW).name == "Flats, ****"


def test_changing_a_message_goes_through_the_same_filter(lin, lin_and_wei):
    lists(mask=["damn"], refuse=["wire"])
    message = say(lin, lin_and_wei, "Hello", at=NOW)

    assert edit(message, "damn", by=Actor.of(lin), at=NOW).body == "****"
    with pytest.raises(WordsRefused):
        edit(message, "wire", by=Actor.of(lin), at=NOW)


@pytest.mark.parametrize(
    ("word", "text", "clean"),
    [
        ("坏蛋", "你这个坏蛋啊", "你这个**啊"),
        ("坏蛋", "你ok坏蛋ok", "你ok**ok"),
        ("damn", "DAMN dAmN", "**** ****"),
        ("ÉTÉ", "un été", "un ***"),
        ("ass", "class assess ass", "class assess ***"),
        ("ass", "你ass好", "你***好"),
        ("v1agra", "v1agra v1agras", "****** v1agras"),
        ("a.b*c", "a.b*c axbbc", "***** axbbc"),
        ("(.*)+$", "all of it", "all of it"),
        ("[x", "[x y", "** y"),
        ("💩", "so 💩!", "so *!"),
        ("bad", "bad-bad, bad.", "***-***, ***."),
        ("two words", "two words, two  words", "*********, two  words"),
    ],
)
def test_what_is_found(word, text, clean):
    lists(mask=[word])

    assert cleaned(text) == clean


def test_the_longer_one_of_two_that_begin_alike_is_meant():
    lists(mask=["坏", "坏蛋"])

    assert cleaned("坏蛋") == "**"


@pytest.mark.parametrize("value", [None, 3, [], {"mask": "damn"}, {"mask": [1, "", " "]}])
def test_a_list_that_is_none_filters_nothing(value):
    SystemConfig.objects.create(key="chat-words", value=value if value is not None else 0)

    assert word_filter().look_at("damn 1") == Verdict("damn 1")


class Shouting:
    def look_at(self, text):
        return Verdict(text.upper(), found=1)


class Broken:
    def look_at(self, text):
        raise ValueError(f"cannot judge {text}")


def test_another_filter_is_named_by_a_setting(lin, lin_and_wei, settings):
    settings.CHAT_WORD_FILTER = f"{__name__}.Shouting"

    assert say(lin, lin_and_wei, "Hello", at=NOW).body == "HELLO"


def test_nothing_goes_past_a_filter_that_is_broken(lin, lin_and_wei, settings, caplog):
    settings.CHAT_WORD_FILTER = f"{__name__}.Broken"

    with pytest.raises(Unavailable) as refused:
        say(lin, lin_and_wei, "my secret", at=NOW)

    assert refused.value.status == 503
    assert not Message.objects.exists()
    assert "the filter of words is broken: ValueError" in caplog.text
    assert "my secret" not in caplog.text
