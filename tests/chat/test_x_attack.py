"""Scratch of helper X; deleted before the end."""
from datetime import timedelta
import json
import pytest
from django.test import Client
from booking_site.common.actors import Actor
from chat.services import *
from chat.models import *
from chat.selectors.reading import thread_of
from tests.chat import talk
from tests.chat.door import app, at
from tests.factories import *
from .conftest import NOW

pytestmark = pytest.mark.django_db

def test_h1(client, lin, wei, mei, realtor):
    a = AppointmentFactory(user=lin, realtor=realtor, store=realtor.store)
    client.force_login(mei)
    r = client.get("/chat/new/", {"to": wei.pk, "about": a.pk})
    print(r.status_code, a.code, a.code.encode() in r.content if a.code else None)
    assert r.status_code == 404

def test_h2(lin, wei, lin_and_wei):
    m = talk.say(lin, lin_and_wei, at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)
    edit(m, "You will regret this", by=Actor.of(lin), at=NOW)
    assert False, "edited after block"

def test_h8(lin, wei, lin_and_wei):
    wei.avatar = "x/y.jpg"; wei.is_active = False; wei.save()
    print(app(lin).get(at(lin_and_wei)).json()["data"]["participants"])
    assert 0

@pytest.mark.parametrize("depth", [100, 2000, 100000])
def test_deep(lin, lin_and_wei, depth):
    from tests.callers import Caller
    c = Client(raise_request_exception=False)
    c.force_login(lin)
    a = app(lin)
    body = '{"content":' * depth + '1' + '}' * depth
    r = a.post(at(lin_and_wei, "messages"), None) if False else None
    from rest_framework.test import APIClient
    cl = APIClient(raise_request_exception=False)
    cl.force_authenticate(lin)
    for h in ({}, {"HTTP_IDEMPOTENCY_KEY": "k"}):
        r = cl.generic("POST", at(lin_and_wei, "messages"), body, content_type="application/json", **h)
        print(depth, h, r.status_code, r.content[:100])
        assert r.status_code < 500

@pytest.mark.parametrize("bad", [
  {"content": {"text": "a\u0000b"}}, {"content": {"text": "a\ud800b"}}, {"content": {"text": 1.5}}, {"content": {"text": True}}, {"content": []}, {"content": "x"},
  {"content": {"text": "x"}, "replyToId": 1e400}, {"content": {"text": "x"}, "replyToId": -1}, {"content": {"text": "x"}, "replyToId": 1.5}, {"content": {"text": "x"}, "replyToId": 10**30}, {"content": {"text": "x"}, "replyToId": True},
  {"content": {"text": "x"}, "clientId": "a\ud800"}, {"content": {"text": "x"}, "clientId": "\u0000"}, {"content": {"text": "x"}, "clientId": "é"}, {"content": {"text": "x"}, "clientId": ""}, {"content": {"text": "x"}, "clientId": 5},{"content": {"text": "x"}, "clientId": [1]},
  {"content": {"attachmentId": "a\ud800"}, "messageType": "image"}, {"content": {"sticker": "a\ud800"}, "messageType": "sticker"},
  {"content": {"text": "x"}, "messageType": "system"}, {"content": {"text": "x"}, "messageType": "order"}, {"content": {"text": "x"}, "messageType": ["text"]},
  {"content": {"text": "x", "sticker": "hello"}, "messageType": "text"},
])
def test_forged(lin, lin_and_wei, bad):
    from rest_framework.test import APIClient
    cl = APIClient(raise_request_exception=False)
    cl.force_authenticate(lin)
    for h in ({}, {"HTTP_IDEMPOTENCY_KEY": "k"}):
        r = cl.generic("POST", at(lin_and_wei, "messages"), json.dumps(bad), content_type="application/json", **h)
        print(bad, r.status_code, r.content[:150])
        assert r.status_code < 500

def test_forged_sender(lin, wei, lin_and_wei):
    r = app(lin).post(at(lin_and_wei, "messages"), {"content": {"text": "x"}, "sender": {"id": wei.pk}, "seq": 99, "createdAt": "2001-01-01", "kind": "system", "senderId": wei.pk})
    print(r.json()); d = r.json()["data"]
    assert d["sender"]["id"] == str(lin.pk) and d["seq"] == 1 and not d["createdAt"].startswith("2001")

@pytest.mark.parametrize("pk", ["-1", "1.0", "true", "9"*30, "9"*5000, "%00", "１", "0", " 1"])
def test_ids(lin, lin_and_wei, pk):
    from rest_framework.test import APIClient
    cl = APIClient(raise_request_exception=False)
    cl.force_authenticate(lin)
    for p in ("", "/messages", "/read"):
        r = cl.get(f"/api/v1/chat/conversations/{pk}{p}"); assert r.status_code in (404, 405, 400), (p, r.status_code)
    r = cl.get("/api/v1/chat/search", {"q": "a", "conversationId": pk}); print(r.status_code); assert r.status_code in (404, 400, 429)
    c = Client(raise_request_exception=False); c.force_login(lin)
    for path in (f"/chat/{pk}/", f"/chat/new/?to={pk}", f"/chat/list/?page={pk}&current={pk}", f"/chat/?page={pk}", f"/chat/{lin_and_wei.pk}/?before={pk}&reply={pk}", f"/chat/{lin_and_wei.pk}/messages/?before={pk}&limit={pk}", f"/chat/{lin_and_wei.pk}/messages/?after={pk}", f"/chat/{lin_and_wei.pk}/report/?message={pk}", f"/chat/search/?q=a&page={pk}", f"/chat/blocks/{pk}/remove/"):
        r = c.get(path); assert r.status_code < 500, (path, r.status_code)
    r = c.post(f"/chat/{lin_and_wei.pk}/read/", {"seq": pk}); assert r.status_code < 500
    r = c.post(f"/chat/{lin_and_wei.pk}/send/", {"text": "x", "reply_to": pk, "client_id": pk}); assert r.status_code < 500, r.status_code

def test_next(client, lin, wei, lin_and_wei):
    client.force_login(lin)
    for n in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/%09/evil", "/..//evil.example", "\\\\evil", "/\n/evil.example"):
        block(wei, by=Actor.of(lin), at=NOW)
        r = client.post(f"/chat/blocks/{wei.pk}/remove/", {"next": n})
        print(repr(n), r.status_code, r.headers.get("Location"))

def test_admin_page(client, bao, lin_and_wei, settings):
    e = read_thread(lin_and_wei, reason="x", by=Actor.of(bao), at=__import__("django.utils.timezone").utils.timezone.now())
    c = Client(raise_request_exception=False); c.force_login(bao)
    from django.urls import reverse
    u = reverse("admin:chat_conversation_reading", args=[e.pk])
    for p in ("1", "9"*30, "9"*5000):
        r = c.get(u, {"page": p}); print(u, r.status_code, r.headers.get("Location"))
        assert r.status_code < 500
