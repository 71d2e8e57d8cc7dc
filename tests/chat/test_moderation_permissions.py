"""Who looks after conversations: operators after all, managers after those of their stores, others
after none."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden
from chat.models import ChatLogEntry, MessageReport
from chat.selectors.reading import thread_of
from chat.services import (
    Figures,
    close,
    dismiss_reports,
    hide,
    open_again,
    read_thread,
    report,
    restore,
    set_policy,
    set_words,
    write_to_person,
)
from tests.backoffice.conftest import signed_in
from tests.factories import RealtorFactory, StoreFactory, manager_of

from .conftest import NOW
from .talk import between, group, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
SECRET = "Send the deposit to my cousin"
GIVEN = {"reason": "A trick.", "at": LATER}


@pytest.fixture
def ting(db):
    """She manages another store."""
    return manager_of(StoreFactory(name="Bund"), display_name="Ting")


@pytest.fixture
def said(wei, lin_and_wei):
    return say(wei, lin_and_wei, SECRET, at=NOW)


@pytest.fixture
def one(lin, said):
    thread = thread_of(lin, said.conversation_id)
    told = {"reason": "fraud", "words": "", "by": Actor.of(lin), "at": NOW}
    return report(thread, message=said, **told)


def acts(said, one):
    talk = said.conversation
    return [
        lambda by: read_thread(talk, by=by, **GIVEN),
        lambda by: hide(said, by=by, **GIVEN),
        lambda by: restore(said, by=by, **GIVEN),
        lambda by: dismiss_reports(one, by=by, **GIVEN),
        lambda by: close(talk, by=by, **GIVEN),
        lambda by: open_again(talk, by=by, **GIVEN),
    ]


def test_nobody_else_does_anything(lin, wei, mei, ting, said, one):
    for act in acts(said, one):
        for who in (lin, wei, mei, ting):
            with pytest.raises(Forbidden):
                act(Actor.of(who))
        for nobody in (Actor.guest(), SYSTEM):
            with pytest.raises(Forbidden):
                act(nobody)

    assert list(ChatLogEntry.objects.values_list("action", flat=True)) == ["reported"]


def test_a_manager_who_was_dismissed_may_nothing(guan, store, said, one):
    store.memberships.all().delete()

    for act in acts(said, one):
        with pytest.raises(Forbidden):
            act(Actor.of(guan))


def test_a_manager_decides_nothing_about_what_they_have_said_themselves(lin, guan, store, bao):
    RealtorFactory(store=store, user=guan, name="Guan")
    rude = say(guan, between(lin, guan, at=NOW), "You fool", at=NOW)
    thread = thread_of(lin, rude.conversation_id)
    told = report(thread, message=rude, reason="abuse", words="", by=Actor.of(lin), at=NOW)

    for act in acts(rude, told):
        with pytest.raises(Forbidden):
            act(Actor.of(guan))
    assert dismiss_reports(told, by=Actor.of(bao), **GIVEN) == 1


def test_nor_do_the_lists_say_who_has_reported_them(lin, guan, store, bao):
    RealtorFactory(store=store, user=guan, name="Guan")
    talk = between(lin, guan, at=NOW)
    thread = thread_of(lin, talk.pk)
    report(thread, message=None, reason="abuse", words="", by=Actor.of(lin), at=NOW)

    for who, count in ((guan, 0), (bao, 1)):
        for name in ("messagereport", "conversation", "chatlogentry"):
            page = signed_in(who).get(reverse(f"admin:chat_{name}_changelist"))
            assert page.context["cl"].result_count == count, name


def test_groups_and_those_of_no_store_are_for_operators(lin, mei, guan, bao):
    for talk in (group(lin, mei, at=NOW), between(lin, mei, at=NOW)):
        with pytest.raises(Forbidden):
            read_thread(talk, by=Actor.of(guan), **GIVEN)
        assert read_thread(talk, by=Actor.of(bao), **GIVEN)


def test_only_operators_write_in_the_name_of_the_site_and_set_what_holds(lin, guan, bao):
    for who in (lin, guan):
        by = Actor.of(who)
        with pytest.raises(Forbidden):
            write_to_person(lin, "Hello", by=by, **GIVEN)
        with pytest.raises(Forbidden):
            set_policy(Figures(30, 0, 10), by=by, at=NOW)
        with pytest.raises(Forbidden):
            set_words(["bad"], [], by=by, at=NOW)

    assert set_words(["bad"], [], by=Actor.of(bao), at=NOW)


def pages(said, one):
    """Every address of one conversation and one report."""
    talk = said.conversation_id
    names = [f"chat_conversation_{name}" for name in ("change", "history")]
    names += [f"chat_conversation_{name}_here" for name in ("read", "close", "open")]
    found = [reverse(f"admin:{name}", args=[talk]) for name in names]
    names = ["chat_messagereport_change", "chat_messagereport_history"]
    names += [f"chat_messagereport_{name}_here" for name in ("read", "hide", "dismiss")]
    return found + [reverse(f"admin:{name}", args=[one.pk]) for name in names]


def test_the_pages_of_another_store_s_conversations_do_not_open(ting, guan, bao, said, one):
    another, own, operator = (signed_in(who) for who in (ting, guan, bao))
    for page in pages(said, one):
        asked = another.get(page)
        assert asked.status_code in (302, 403, 404), page
        assert SECRET not in asked.content.decode()
        assert another.post(page, {"reason": "Mine", "_sent": "1"}).status_code in (302, 403, 404)
        for who in (own, operator):
            assert who.get(page).status_code == 200, page

    assert MessageReport.objects.open().get() == one
    assert not ChatLogEntry.objects.exclude(action="reported").exists()


def test_the_lists_of_another_store_are_empty(ting, guan, said, one):
    for model in ("conversation", "messagereport", "chatlogentry"):
        page = reverse(f"admin:chat_{model}_changelist")
        assert signed_in(ting).get(page).context["cl"].result_count == 0
        assert signed_in(guan).get(page).context["cl"].result_count == 1


def test_customers_and_realtors_have_no_back_office(lin, wei, said, one):
    entry = read_thread(said.conversation, by=Actor.of(lin_as_staff(lin)), **GIVEN)
    lin.is_superuser = lin.is_staff = False
    lin.save()
    reading = reverse("admin:chat_conversation_reading", args=[entry.pk])
    for who in (lin, wei):
        client = signed_in(who)
        for page in [*pages(said, one), reading, reverse("admin:chat_block_policy")]:
            assert client.get(page).status_code == 302
            assert SECRET not in client.get(page).content.decode()


def lin_as_staff(lin):
    """Once, before she left the staff."""
    lin.is_superuser = lin.is_staff = True
    lin.save()
    return lin


def test_managers_neither_write_for_the_site_nor_see_what_holds_nor_blocks(guan):
    client = signed_in(guan)
    for name in ("chat_conversation_write", "chat_block_policy", "chat_block_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
        assert client.post(reverse(f"admin:{name}"), {}).status_code == 403
