"""The one page on which staff read what people said: it asks why, writes it down, opens for half an
hour, and for nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from chat.models import ChatLogEntry, Conversation, Message
from chat.selectors import moderation
from chat.selectors.moderation import reading_of
from chat.selectors.reading import thread_of
from chat.services import hide, read_thread, report, take_back
from tests.backoffice.conftest import signed_in
from tests.factories import UserFactory, manager_of

from . import files
from .talk import between, say

pytestmark = pytest.mark.django_db
SECRET = "Send the deposit to my cousin"
WHY = "A customer has called."
# The page goes by the clock on the wall.
NOW = timezone.now() - timedelta(minutes=10)


@pytest.fixture
def said(wei, lin_and_wei):
    return say(wei, lin_and_wei, SECRET, at=NOW)


@pytest.fixture
def office(guan):
    return signed_in(guan)


def asking(talk):
    return reverse("admin:chat_conversation_read_here", args=[talk.pk])


def opened(client, talk, why=WHY):
    """Where one is led after saying why."""
    return client.post(asking(talk), {"reason": why}).url


def entry_of(address):
    return ChatLogEntry.objects.get(pk=address.rstrip("/").rsplit("/", 1)[-1])


def test_without_a_reason_no_word_of_it_is_shown(office, said):
    talk = said.conversation
    asked = office.get(asking(talk))
    nothing = office.post(asking(talk), {"reason": " "})
    page = office.get(reverse("admin:chat_conversation_change", args=[talk.pk]))
    listed = office.get(reverse("admin:chat_conversation_changelist"))
    searched = office.get(reverse("admin:chat_conversation_changelist"), {"q": "deposit"})

    for answer in (asked, nothing, page, listed, searched):
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    assert searched.context["cl"].result_count == 0
    assert not ChatLogEntry.objects.exists()


def test_with_one_it_is_read_and_the_log_says_who_and_why(office, guan, said):
    address = opened(office, said.conversation)

    html = office.get(address).content.decode()

    assert SECRET in html
    assert WHY in html
    entry = ChatLogEntry.objects.get()
    assert (entry.action, entry.actor_user, entry.reason) == ("read", guan, WHY)
    assert entry.conversation == said.conversation


def test_to_look_only_by_its_address_reads_nothing(office, said):
    """GET says no reason."""
    for number in (0, 1, 10**30):
        answer = office.get(f"/admin/chat/conversation/reading/{number}/")
        assert answer.status_code in (302, 404)
        assert SECRET not in answer.content.decode()


def test_after_half_an_hour_it_asks_again(office, guan, said):
    entry = read_thread(said.conversation, reason=WHY, by=Actor.of(guan), at=NOW)
    entry_at = timezone.now() - timedelta(minutes=30)
    ChatLogEntry.objects.filter(pk=entry.pk).update(at=entry_at)

    answer = office.get(reverse("admin:chat_conversation_reading", args=[entry.pk]))

    assert (answer.status_code, answer.url) == (302, asking(said.conversation))
    assert SECRET not in answer.content.decode()


def test_it_lasts_half_an_hour_to_the_second(guan, said):
    entry = read_thread(said.conversation, reason=WHY, by=Actor.of(guan), at=NOW)

    assert reading_of(entry.pk, guan, at=NOW + timedelta(minutes=29, seconds=59)) == entry
    with pytest.raises(NotFound):
        reading_of(entry.pk, guan, at=NOW + timedelta(minutes=30))


def test_what_one_was_given_opens_nothing_for_another(office, store, bao, said):
    address = opened(office, said.conversation)
    colleague = manager_of(store, display_name="Ping")
    stranger = UserFactory(is_staff=True)

    for who in (colleague, bao):
        answer = signed_in(who).get(address)
        assert (answer.status_code, answer.url) == (302, asking(said.conversation))
    for who in (stranger,):
        answer = signed_in(who).get(address)
        assert answer.status_code in (302, 403, 404)
        assert SECRET not in answer.content.decode()


def test_whoever_manages_no_longer_reads_no_longer(office, store, said):
    address = opened(office, said.conversation)
    store.memberships.all().delete()

    answer = office.get(address)

    assert answer.status_code in (302, 403, 404)
    assert SECRET not in answer.content.decode()


def test_another_entry_of_the_log_is_no_reason(office, guan, said):
    hide(said, reason=WHY, by=Actor.of(guan), at=NOW)
    entry = ChatLogEntry.objects.get()

    answer = office.get(reverse("admin:chat_conversation_reading", args=[entry.pk]))

    assert answer.status_code == 404


def test_it_opens_that_conversation_and_no_other(office, mei, wei, said):
    other = say(wei, between(mei, wei, at=NOW), "Nothing for you", at=NOW)
    address = opened(office, said.conversation)

    assert "Nothing for you" not in office.get(address).content.decode()
    for step in ("hide", "restore"):
        page = f"{address}messages/{other.pk}/{step}/"
        assert office.get(page).status_code == 404
        assert office.post(page, {"reason": WHY}).status_code == 404
    assert Message.objects.get(pk=other.pk).hidden_at is None


def test_hidden_words_are_shown_to_staff_and_marked_and_what_was_taken_back_is_gone(
    office, guan, wei, said
):
    gone = say(wei, said.conversation, "My number is 123", at=NOW)
    take_back(gone, by=Actor.of(wei), at=NOW)
    hide(said, reason=WHY, by=Actor.of(guan), at=NOW)

    html = office.get(opened(office, said.conversation)).content.decode()

    assert SECRET in html
    assert "Hidden by staff" in html
    assert "Show again" in html
    assert "My number is 123" not in html
    assert "Taken back" in html


def test_from_the_page_a_message_is_hidden_and_shown_again(office, lin, said):
    address = opened(office, said.conversation)
    page = f"{address}messages/{said.pk}/"
    asked = office.get(f"{page}hide/").content.decode()
    assert SECRET in asked
    assert Message.objects.get(pk=said.pk).hidden_at is None

    assert office.post(f"{page}hide/", {"reason": ""}).status_code == 200
    assert Message.objects.get(pk=said.pk).hidden_at is None
    back = office.post(f"{page}hide/", {"reason": "A trick."})
    assert back.url == f"{address}?page=1#said-{said.seq}"
    assert Message.objects.get(pk=said.pk).hidden_at is not None
    office.post(f"{page}restore/", {"reason": "It was a joke."})

    assert Message.objects.get(pk=said.pk).hidden_at is None
    told = list(ChatLogEntry.objects.values_list("action", flat=True))
    assert told == ["read", "hidden", "restored"]


def test_a_step_that_there_is_none_of_is_not_there(office, said):
    address = opened(office, said.conversation)

    assert office.get(f"{address}messages/{said.pk}/delete/").status_code == 404


def test_long_ones_are_read_page_by_page_the_newest_first(office, lin, lin_and_wei, monkeypatch):
    monkeypatch.setattr(moderation, "READ_AT_ONCE", 2)
    for number in range(5):
        say(lin, lin_and_wei, f"Number {number}.", at=NOW)
    address = opened(office, lin_and_wei)

    def shown(page):
        html = office.get(address, {"page": page}).content.decode()
        return [number for number in range(5) if f"Number {number}." in html]

    assert [shown(page) for page in (1, 2, 3)] == [[3, 4], [1, 2], [0]]
    assert [shown(page) for page in ("x", "-1", "0", "99")] == [[3, 4], [3, 4], [3, 4], [0]]


def test_a_page_that_there_cannot_be_is_the_last_one(office, said):
    address = opened(office, said.conversation)

    for page in ("9" * 5000, "0", "-1", "x"):
        assert SECRET in office.get(address, {"page": page}).content.decode()


def test_its_files_open_by_the_same_reason_alone(office, bao, lin, lin_and_wei):
    upload = files.attached(lin, lin_and_wei, at=NOW)
    say(lin, lin_and_wei, "", kind="file", attachment=upload.key, at=NOW)
    address = opened(office, lin_and_wei)
    assert upload.key in office.get(address).content.decode()

    answer = office.get(f"{address}files/{upload.key}/")

    assert (answer.status_code, answer.content) == (200, b"See you at nine.")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert signed_in(bao).get(f"{address}files/{upload.key}/").status_code == 302
    assert office.get(reverse("chat_files:large", args=[upload.key])).status_code == 404
    ChatLogEntry.objects.update(at=NOW - timedelta(hours=1))
    assert office.get(f"{address}files/{upload.key}/").status_code == 302


def test_a_file_that_was_not_sent_or_is_another_s_is_not_there(office, lin, mei, wei, lin_and_wei):
    unsent = files.attached(lin, lin_and_wei, at=NOW)
    other = between(mei, wei, at=NOW)
    elsewhere = files.attached(mei, other, at=NOW)
    say(mei, other, "", kind="file", attachment=elsewhere.key, at=NOW)
    address = opened(office, lin_and_wei)

    for one in (unsent, elsewhere):
        assert office.get(f"{address}files/{one.key}/").status_code == 404


def test_words_are_shown_as_they_were_typed_and_do_nothing(office, lin, lin_and_wei):
    say(lin, lin_and_wei, "<script>alert(1)</script>", at=NOW)

    html = office.get(opened(office, lin_and_wei)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html


def test_from_a_report_it_is_read_with_the_report_as_the_reason(office, lin, said):
    one = reported(lin, said)
    page = reverse("admin:chat_messagereport_read_here", args=[one.pk])
    why = office.get(page).context["form"].initial["reason"]
    assert why.startswith(f"Report #{one.pk}")

    address = office.post(page, {"reason": why}).url

    assert SECRET in office.get(address).content.decode()
    assert entry_of(address).reason == why


def reported(who, message):
    thread = thread_of(who, message.conversation_id)
    given = {"reason": "fraud", "words": "He wants money.", "by": Actor.of(who), "at": NOW}
    return report(thread, message=message, **given)


def test_a_report_quotes_what_was_said_and_its_list_does_not(office, lin, wei, said):
    one = reported(lin, said)
    take_back(said, by=Actor.of(wei), at=NOW)

    page = office.get(reverse("admin:chat_messagereport_change", args=[one.pk])).content.decode()
    listed = office.get(reverse("admin:chat_messagereport_changelist")).content.decode()

    assert SECRET in page
    assert "He wants money." in page
    assert "taken back" in page
    assert SECRET not in listed
    assert "He wants money." not in listed


def test_reports_are_dismissed_from_the_list_each_thing_once(office, lin, wei, said):
    second = say(wei, said.conversation, "Another", at=NOW)
    rows = [reported(lin, said), reported(lin, second)]
    chosen = {"action": "dismiss", "_selected_action": [one.pk for one in rows]}
    page = reverse("admin:chat_messagereport_changelist")

    asked = office.post(page, chosen)
    assert SECRET in asked.content.decode()
    office.post(page, {**chosen, "reason": "Harmless.", "_sent": "1"})

    for one in rows:
        one.refresh_from_db()
        assert one.state == "dismissed"


def test_from_its_page_a_reported_message_is_hidden(office, lin, said):
    one = reported(lin, said)

    office.post(reverse("admin:chat_messagereport_hide_here", args=[one.pk]), {"reason": WHY})

    one.refresh_from_db()
    assert one.state == "upheld"
    assert Message.objects.get(pk=said.pk).hidden_at is not None


def test_the_first_page_counts_what_waits_for_a_person(office, lin, said):
    def waiting():
        cards = office.get("/admin/").context["attention_cards"]
        return next(one for one in cards if one["label"] == "Reported messages")

    assert waiting()["count"] == 0
    reported(lin, said)

    assert waiting()["count"] == 1
    assert office.get(waiting()["link"]).context["cl"].result_count == 1


def test_a_conversation_is_closed_and_opened_from_its_page(office, said):
    talk = said.conversation
    for name, closed in (("close", True), ("open", False)):
        page = reverse(f"admin:chat_conversation_{name}_here", args=[talk.pk])
        office.post(page, {"reason": WHY})
        assert Conversation.objects.get(pk=talk.pk).closed is closed


def test_an_operator_writes_to_somebody(bao, lin):
    client = signed_in(bao)
    page = reverse("admin:chat_conversation_write")
    assert client.get(page, {"to": lin.pk}).context["form"]["person"].value() == lin.pk
    for odd in ("x", "-1", "9" * 40, "0"):
        assert client.get(page, {"to": odd}).status_code == 200

    client.post(page, {"person": lin.pk, "text": "Your refund is on its way.", "reason": WHY})

    assert Message.objects.get().body == "Your refund is on its way."
    assert ChatLogEntry.objects.get().action == "written"


def test_what_cannot_be_written_is_said_beside_the_field(bao, lin):
    client = signed_in(bao)
    sent = {"person": lin.pk, "text": "x" * 2000, "reason": WHY}

    answer = client.post(reverse("admin:chat_conversation_write"), sent)

    assert "1000" in answer.context["form"].errors["text"][0]
    assert not Message.objects.exists()


def test_a_longer_conversation_costs_no_more_queries(office, lin, wei, lin_and_wei):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert office.get(address).status_code == 200
        return len(found)

    hello = say(lin, lin_and_wei, "Hello", at=NOW)
    say(wei, lin_and_wei, "Hello", at=NOW, reply_to_id=hello.pk)
    address = opened(office, lin_and_wei)
    office.get(address)
    few = queries()
    for number in range(40):
        before = Message.objects.latest("pk")
        say((lin, wei)[number % 2], lin_and_wei, "Again", at=NOW, reply_to_id=before.pk)

    assert queries() <= few <= 15
