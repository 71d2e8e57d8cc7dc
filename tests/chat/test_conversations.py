"""Beginning conversations, who is in them, putting them away."""

from datetime import timedelta

import pytest

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from chat.errors import Archived
from chat.events import ConversationUpdated, MemberLeft
from chat.models import Conversation, ConversationType, Message, Participant
from chat.rules import MOST_MEMBERS
from chat.selectors.reading import messages_page, thread_of
from chat.services import (
    add_people,
    leave,
    mute,
    open_direct,
    open_group,
    put_away,
    rename,
    system_conversation,
    take_out,
    write_to,
)
from tests.appointments import world
from tests.factories import UserFactory

from .conftest import NOW
from .talk import between, group, heard, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def whats(conversation):
    """What the site has noted in it."""
    return [m.meta["what"] for m in Message.objects.filter(conversation=conversation, sender=None)]


@pytest.fixture
def visit(realtor, lin):
    return world.confirmed(realtor.store, world.clock("14:00"), realtor=realtor, customer=lin)


# --- Two ------------------------------------------------------------------------------------


def test_two_talk_and_each_has_the_role_of_their_account(lin, wei, store):
    opened = open_direct(wei, by=Actor.of(lin), at=NOW)

    assert opened.is_new
    thread = thread_of(lin, opened.conversation.pk)
    assert {row.user: row.role for row in thread.members} == {lin: "customer", wei: "provider"}
    assert thread.conversation.type == ConversationType.DIRECT == "service"
    assert thread.conversation.store == store


def test_it_is_found_again_whoever_of_the_two_asks(lin, wei, lin_and_wei):
    for one, other in ((lin, wei), (wei, lin), (lin, wei)):
        again = open_direct(other, by=Actor.of(one), at=LATER)
        assert (again.conversation, again.is_new) == (lin_and_wei, False)

    assert Conversation.objects.count() == 1


def test_about_an_appointment_the_two_have_another_one(lin, wei, lin_and_wei, visit):
    about = open_direct(wei, appointment=visit, by=Actor.of(lin), at=NOW)
    again = open_direct(lin, appointment=visit, by=Actor.of(wei), at=LATER)

    assert about.conversation != lin_and_wei
    assert (again.conversation, again.is_new) == (about.conversation, False)
    assert whats(about.conversation) == ["opened"]


def test_with_another_person_it_is_another_one(lin, wei, mei, lin_and_wei):
    assert between(lin, mei, at=NOW) != lin_and_wei
    assert between(mei, wei, at=NOW) != lin_and_wei


def test_an_appointment_of_others_is_none_to_talk_about(lin, wei, mei, visit):
    for one, other in ((lin, mei), (mei, wei)):
        with pytest.raises(NotFound) as refused:
            open_direct(other, appointment=visit, by=Actor.of(one), at=NOW)
        assert set(refused.value.errors) == {"orderId"}
    assert not Conversation.objects.exists()


def test_nobody_talks_to_themselves_or_to_a_closed_account(lin, mei):
    with pytest.raises(Invalid):
        open_direct(lin, by=Actor.of(lin), at=NOW)
    mei.is_active = False
    mei.save()
    with pytest.raises(NotFound):
        open_direct(mei, by=Actor.of(lin), at=NOW)


def test_a_guest_and_the_site_begin_none(lin):
    for by in (Actor.guest(), SYSTEM):
        with pytest.raises(Forbidden):
            open_direct(lin, by=by, at=NOW)


# --- Groups ---------------------------------------------------------------------------------


def test_whoever_begins_a_group_looks_after_it(lin, wei, mei):
    flat = group(lin, wei, mei, name="  Flat  ", at=NOW)

    roles = dict(flat.participants.values_list("user__display_name", "role"))
    assert (flat.name, roles) == ("Flat", {"Lin": "owner", "Wei": "member", "Mei": "member"})
    assert whats(flat) == ["began"]


def test_the_same_people_may_have_several_groups(lin, wei, mei):
    assert group(lin, wei, mei, at=NOW) != group(lin, wei, mei, at=NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_group_has_a_name_of_reasonable_length(lin, wei, name):
    with pytest.raises(Invalid) as refused:
        open_group([wei], name=name, by=Actor.of(lin), at=NOW)

    assert set(refused.value.errors) == {"name"}


def test_a_group_of_oneself_is_none(lin):
    with pytest.raises(Invalid):
        open_group([lin], name="Me", by=Actor.of(lin), at=NOW)


def test_a_group_has_at_most_fifty_members(lin):
    people = UserFactory.create_batch(MOST_MEMBERS, password="!")
    with pytest.raises(Invalid):
        open_group(people, name="All", by=Actor.of(lin), at=NOW)

    full = open_group(people[1:], name="All", by=Actor.of(lin), at=NOW)
    with pytest.raises(Invalid):
        add_people(full, people[:1], by=Actor.of(lin), at=NOW)


def test_who_comes_later_does_not_see_what_was_said_before(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    say(lin, flat, "Before", at=NOW)

    add_people(flat, [mei], by=Actor.of(wei), at=LATER)
    say(lin, flat, "After", at=LATER)

    thread = thread_of(mei, flat.pk)
    seen = messages_page(thread)
    assert [(m.kind, m.body) for m in seen] == [("system", ""), ("text", "After")]
    assert (thread.count, thread.unread) == (2, 1)


def test_who_is_there_already_stays_as_they_are(lin, wei):
    flat = group(lin, wei, at=NOW)

    add_people(flat, [wei], by=Actor.of(lin), at=LATER)

    assert Participant.objects.get(conversation=flat, user=wei).joined_at == NOW
    assert whats(flat) == ["began"]


def test_who_left_sees_nothing_more_and_nothing_of_the_time_between(lin, wei, mei):
    flat = group(lin, wei, mei, at=NOW)
    leave(flat, by=Actor.of(mei), at=NOW)
    with pytest.raises(NotFound):
        thread_of(mei, flat.pk)
    with pytest.raises(NotFound):
        say(mei, flat, at=NOW)
    say(lin, flat, "Without Mei", at=NOW)

    add_people(flat, [mei], by=Actor.of(lin), at=LATER)

    assert "Without Mei" not in [m.body for m in messages_page(thread_of(mei, flat.pk))]
    assert whats(flat) == ["began", "left", "joined"]


def test_where_its_owner_leaves_whoever_came_first_looks_after_it(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    add_people(flat, [mei], by=Actor.of(lin), at=LATER)

    leave(flat, by=Actor.of(lin), at=LATER)

    roles = dict(flat.participants.present().values_list("user__display_name", "role"))
    assert roles == {"Wei": "owner", "Mei": "member"}


def test_the_last_one_may_leave_too(lin, wei):
    flat = group(lin, wei, at=NOW)

    for one in (lin, wei):
        leave(flat, by=Actor.of(one), at=NOW)

    assert not flat.participants.present().exists()


def test_leaving_is_told_to_who_left_and_to_those_who_stay(lin, wei, mei):
    flat = group(lin, wei, mei, at=NOW)

    with heard(MemberLeft, ConversationUpdated) as news:
        leave(flat, by=Actor.of(mei), at=NOW)

    gone, updated = news
    assert (gone.user_id, [m.user_id for m in gone.members]) == (mei.pk, [mei.pk])
    assert {m.user_id for m in updated.members} == {lin.pk, wei.pk}


def test_two_do_not_leave_nor_bring_in_others(lin, wei, mei, lin_and_wei):
    with pytest.raises(Conflict):
        leave(lin_and_wei, by=Actor.of(lin), at=NOW)
    with pytest.raises(Conflict):
        add_people(lin_and_wei, [mei], by=Actor.of(lin), at=NOW)
    with pytest.raises(Conflict):
        rename(lin_and_wei, name="Ours", by=Actor.of(lin), at=NOW)


def test_outsiders_change_no_group(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    by = Actor.of(mei)

    for act in (
        lambda: add_people(flat, [mei], by=by, at=NOW),
        lambda: rename(flat, name="Mine", by=by, at=NOW),
        lambda: leave(flat, by=by, at=NOW),
        lambda: mute(flat, muted=True, by=by, at=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_new_name_is_noted_and_the_same_name_is_not(lin, wei):
    flat = group(lin, wei, at=NOW)

    rename(flat, name="Garden", by=Actor.of(wei), at=LATER)
    rename(flat, name="Garden", by=Actor.of(lin), at=LATER)

    flat.refresh_from_db()
    assert (flat.name, whats(flat)) == ("Garden", ["began", "renamed"])


def test_notes_of_the_site_wait_to_be_read_by_nobody_who_had_read_everything(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    say(lin, flat, at=NOW)

    add_people(flat, [mei], by=Actor.of(lin), at=LATER)

    assert [thread_of(one, flat.pk).unread for one in (lin, wei, mei)] == [0, 2, 0]


# --- Muted, put away, written by the site ------------------------------------------------------


def test_muting_is_for_oneself(lin, wei, lin_and_wei):
    mute(lin_and_wei, muted=True, by=Actor.of(lin), at=NOW)
    mute(lin_and_wei, muted=True, by=Actor.of(lin), at=NOW)

    muted = {r.user: r.is_muted for r in Participant.objects.filter(conversation=lin_and_wei)}
    assert muted == {lin: True, wei: False}
    mute(lin_and_wei, muted=False, by=Actor.of(lin), at=NOW)
    assert not Participant.objects.filter(is_muted=True).exists()


def test_what_was_put_away_is_read_and_not_written_in(lin, wei, lin_and_wei):
    say(lin, lin_and_wei, "Hello", at=NOW)

    assert put_away(lin_and_wei, at=LATER)
    assert not put_away(lin_and_wei, at=LATER)

    assert [m.body for m in messages_page(thread_of(lin, lin_and_wei.pk))] == ["Hello"]
    with pytest.raises(Archived):
        say(wei, lin_and_wei, at=LATER)


def test_opening_it_again_takes_it_out(lin, wei, lin_and_wei):
    put_away(lin_and_wei, at=NOW)

    opened = open_direct(lin, by=Actor.of(wei), at=LATER)

    assert (opened.is_new, opened.conversation.is_active) == (False, True)
    say(lin, lin_and_wei, at=LATER)


def test_what_staff_have_closed_nobody_opens_but_they(lin, wei, lin_and_wei):
    put_away(lin_and_wei, at=NOW, closed=True)
    with pytest.raises(Archived):
        open_direct(wei, by=Actor.of(lin), at=LATER)

    take_out(lin_and_wei, at=LATER)

    assert not open_direct(wei, by=Actor.of(lin), at=LATER).is_new


def test_who_leaves_an_archived_group_is_gone_from_it(lin, wei):
    flat = group(lin, wei, at=NOW)
    put_away(flat, at=NOW)

    leave(flat, by=Actor.of(wei), at=LATER)

    with pytest.raises(NotFound):
        thread_of(wei, flat.pk)
    with pytest.raises(Archived):
        rename(flat, name="Other", by=Actor.of(lin), at=LATER)


def test_the_site_writes_to_somebody_who_cannot_answer(lin):
    own = system_conversation(lin, at=NOW)
    assert system_conversation(lin, at=LATER) == own

    write_to(own, "Please be kind.", at=NOW)

    assert thread_of(lin, own.pk).unread == 1
    with pytest.raises(Archived):
        say(lin, own, "No.", at=LATER)
