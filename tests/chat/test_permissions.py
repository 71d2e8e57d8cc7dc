"""Who gets something of a conversation by HTTP: those who are in it, and nobody else."""

import pytest
import time_machine
from django.urls import get_resolver

from booking_site.common.actors import Actor
from chat.models import Message
from chat.services import leave
from tests.callers import refusal_of

from .conftest import NOW
from .door import ROOT, app
from .talk import group, say

pytestmark = pytest.mark.django_db
# Each call about one conversation, with a body that would pass.
OF_ONE = [
    ("get", "", None),
    ("patch", "", {"name": "Mine"}),
    ("post", "participants", {"participantIds": ["{outsider}"]}),
    ("post", "leave", None),
    ("get", "messages", None),
    ("post", "messages", {"content": {"text": "Hello"}}),
    ("patch", "messages/{message}", {"content": {"text": "Hello"}}),
    ("delete", "messages/{message}", None),
    ("post", "orders", {"serviceId": "1", "scheduledTime": "2026-03-02T10:00:00+08:00"}),
    ("post", "read", {"seq": 1}),
    ("post", "mute", {"muted": True}),
    ("post", "report", {"reason": "spam", "messageId": "{message}"}),
    ("post", "report", {"reason": "spam"}),
]
OF_ALL = [
    ("get", "conversations", None),
    ("post", "conversations", {"targetUserId": "1"}),
    ("get", "blocks", None),
    ("post", "blocks", {"userId": "1"}),
    ("delete", "blocks/1", None),
    ("get", "search?q=secret", None),
    ("get", "unread", None),
]
# Files have tests of their own.
ELSEWHERE = {"attachments"}


@pytest.fixture
def flat(lin, wei, mei):
    """Lin and Wei; Mei has left. One message holds a secret."""
    made = group(lin, wei, mei, at=NOW)
    say(lin, made, "A secret", at=NOW)
    leave(made, by=Actor.of(mei), at=NOW)
    return made


def filled(value, **names):
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, list):
        return [filled(one, **names) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, **names) for key, one in value.items()}
    return value


def call(user, flat, method, path, body):
    message = Message.objects.filter(conversation=flat, kind="text").earliest("seq")
    names = {"message": message.pk, "outsider": user.pk if user else 1}
    whole = f"{ROOT}/conversations/{flat.pk}/{path}".rstrip("/")
    args = [] if method in ("get", "delete") else [filled(body, **names)]
    return getattr(app(user), method)(filled(whole, **names), *args)


def everything():
    return list(Message.objects.order_by("pk").values_list("pk", "body", "deleted_at"))


@pytest.mark.parametrize("who", ["outsider", "left", "manager", "operator", "closed"])
@pytest.mark.parametrize(("method", "path", "body"), OF_ONE)
def test_to_others_a_conversation_is_not_there(
    method, path, body, who, flat, wei, mei, guan, bao, store
):
    people = {"left": mei, "manager": guan, "operator": bao, "closed": wei}
    if who == "closed":
        wei.is_active = False
        wei.save()
    user = people.get(who) or type(mei).objects.create(email="out@example.com")
    before = everything()

    answer = call(user, flat, method, path, body)

    refusal_of(answer, 404, "not_found")
    assert "secret" not in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize(("method", "path", "body"), OF_ONE)
def test_a_guest_is_asked_to_sign_in(method, path, body, flat):
    refusal_of(call(None, flat, method, path, body), 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), OF_ALL)
def test_a_guest_has_nothing(method, path, body, db):
    args = [] if body is None else [body]

    refusal_of(getattr(app(), method)(f"{ROOT}/{path}", *args), 401, "unauthenticated")


@pytest.mark.parametrize("pk", ["0", "x", "-1", "1.0", "9" * 30, "%00", "１", str(10**17)])
@pytest.mark.parametrize(("method", "path", "body"), OF_ONE)
def test_what_is_no_id_is_answered_as_one_that_is_not_there(method, path, body, pk, lin, flat):
    message = Message.objects.get(conversation=flat, body="A secret")
    names = {"message": message.pk, "outsider": lin.pk}
    whole = filled(f"{ROOT}/conversations/{pk}/{path}".rstrip("/"), **names)
    args = [] if method in ("get", "delete") else [filled(body, **names)]

    refusal_of(getattr(app(lin), method)(whole, *args), 404, "not_found")


def test_these_are_all_the_calls_there_are():
    """A new one must say here who may."""
    found = set()
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) != "api/v1/chat/":
            continue
        for one in pattern.url_patterns:
            path = str(one.pattern)
            view = one.callback.cls
            found |= {
                (method, path)
                for method in ("get", "post", "put", "patch", "delete")
                if hasattr(view, method) and path.split("/")[-1] not in ELSEWHERE
            }
    own = "conversations/<str:conversation_id>"
    told = {
        (method, f"{own}/{path}".rstrip("/").format(message="<str:message_id>"))
        for method, path, _body in OF_ONE
    }
    told |= {
        (method, path.split("?")[0].replace("/1", "/<str:user_id>")) for method, path, _b in OF_ALL
    }

    assert found == told


def test_a_member_may_what_the_others_may_not(flat, lin):
    """The control: the same calls, by somebody who is in it."""
    with time_machine.travel(NOW, tick=False):
        for method, path, body in OF_ONE:
            # Groups order nothing: that members do, test_orders shows.
            if path not in ("leave", "orders"):
                assert call(lin, flat, method, path, body).status_code < 300, path
        assert call(lin, flat, "post", "leave", None).status_code == 204
