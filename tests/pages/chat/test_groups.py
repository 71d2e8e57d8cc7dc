"""Groups, made and left on the pages."""

from django.test import Client

from accounts.models import User
from chat.models import Conversation
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import LIST, look, thread


def test_a_group_is_made_of_those_one_knows(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client
):
    page = look(hers, "/chat/groups/new/")
    assert "Wei" in page
    assert "Mei" not in page
    assert "Please give it a name." in hers.post("/chat/groups/new/", {}).content.decode()

    stranger = hers.post("/chat/groups/new/", {"name": "Flat", "people": [mei.pk]})
    assert stranger.status_code == 200
    answer = hers.post("/chat/groups/new/", {"name": "Flat hunters", "people": [wei_user.pk]})

    made = Conversation.objects.get(type="group")
    assert answer["Location"] == thread(made)
    assert made.name == "Flat hunters"
    page = look(hers, thread(made))
    assert "Fang began this group." in page
    assert "2 people" in page


def test_whoever_knows_nobody_makes_no_group(hers: Client):
    assert "You know nobody here yet" in look(hers, "/chat/groups/new/")


def test_a_group_is_renamed_others_join_and_one_leaves(
    talking: Conversation, fang: User, wei_user: User, mei: User, hers: Client, his: Client
):
    made = talk.group(fang, wei_user, at=NOW)
    talk.between(wei_user, mei, at=NOW)
    members = thread(made, "members/")

    his.post(thread(made, "rename/"), {"name-name": "Home at last"})
    his.post(thread(made, "add/"), {"people": [mei.pk]})

    page = look(his, members)
    assert "Home at last" in page
    assert "Mei" in page
    assert "3 people" in page
    bad = his.post(thread(made, "rename/"), {"name-name": " "}).content.decode()
    assert "Please give it a name." in bad
    assert his.post(thread(made, "leave/"))["Location"] == LIST
    assert his.get(thread(made)).status_code == 404
    page = look(hers, thread(made))
    assert "Wei left." in page
    assert "Wei brought in Mei." in page


def test_two_who_talk_are_no_group(talking: Conversation, hers: Client):
    assert hers.get(thread(talking, "members/")).status_code == 404
    assert hers.post(thread(talking, "leave/")).status_code == 404
