"""Every address of the back office by who asks for it, declared here line by line. What is listed
or routed and not declared fails."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern

from accounts.models import User
from appointments.models import Session
from booking_site.common.models import SavedSearch
from chat.models import Conversation
from stores.models import Category, StoreMembership
from tests.factories import UserFactory

from .conftest import signed_in
from .places import list_of
from .registry import LISTED, MODELS, label
from .test_managers import rows_in

# By model, what operators and the store's own managers may: see, add, change, delete.
MAY: dict[str, tuple[str, str]] = {
    "account.emailaddress": ("s", ""),
    "accounts.child": ("sacd", ""),
    "accounts.historicaluser": ("s", ""),
    "accounts.pet": ("sacd", ""),
    "accounts.refreshtoken": ("s", ""),
    "accounts.user": ("sac", ""),
    "admin.logentry": ("s", ""),
    "appointments.appointment": ("s", "s"),
    "appointments.appointmentevent": ("s", "s"),
    "appointments.calendarfeed": ("s", "s"),
    "appointments.cancelrequest": ("s", "s"),
    "appointments.claim": ("s", "s"),
    "appointments.dispatchpool": ("s", ""),
    "appointments.hold": ("s", "s"),
    "appointments.offer": ("s", "s"),
    "appointments.order": ("s", "s"),
    "appointments.package": ("s", "s"),
    "appointments.seatwish": ("s", "s"),
    "appointments.session": ("sa", "sa"),
    "appointments.sessionrule": ("sa", "sa"),
    "appointments.skippedsession": ("s", "s"),
    "appointments.staypet": ("s", "s"),
    "appointments.viewingfeedback": ("s", "s"),
    "chat.block": ("s", ""),
    "chat.chatlogentry": ("s", "s"),
    "chat.conversation": ("s", "s"),
    "chat.messagereport": ("s", "s"),
    "common.attemptcounter": ("s", ""),
    "common.backuprun": ("s", ""),
    "common.idempotencyrecord": ("s", ""),
    "common.savedsearch": ("scd", "scd"),
    "common.systemconfig": ("sacd", ""),
    "common.transfer": ("s", ""),
    "common.waitingimport": ("s", ""),
    "mfa.authenticator": ("sd", ""),
    "notifications.announcement": ("sacd", ""),
    "notifications.delivery": ("s", "s"),
    "notifications.device": ("s", ""),
    "notifications.notification": ("s", "s"),
    "notifications.notificationpreference": ("s", ""),
    "notifications.nudge": ("s", ""),
    "notifications.outboxevent": ("s", "s"),
    "notifications.push": ("s", ""),
    "notifications.reminder": ("s", "s"),
    "notifications.seathint": ("s", ""),
    "notifications.toldplace": ("s", "s"),
    "notifications.userstream": ("s", ""),
    "notifications.webhookdelivery": ("s", "s"),
    "notifications.webhookendpoint": ("sacd", "sacd"),
    "payments.gatewaynotice": ("s", ""),
    "payments.payment": ("s", "s"),
    "payments.paymentshare": ("s", "s"),
    "payments.refund": ("s", "s"),
    "payments.sandboxcharge": ("s", ""),
    "payments.sandboxkey": ("s", ""),
    "payments.sandboxrefund": ("s", ""),
    "realtors.historicallisting": ("s", "s"),
    "realtors.historicalrealtor": ("s", "s"),
    "realtors.historicaltimeoff": ("s", "s"),
    "realtors.historicalworkinginterval": ("s", "s"),
    "realtors.interest": ("s", ""),
    "realtors.listing": ("sac", "sac"),
    "realtors.listingpicture": ("s", "s"),
    "realtors.realtor": ("sac", "sac"),
    "realtors.timeoff": ("sacd", "sacd"),
    "realtors.workinginterval": ("s", "s"),
    "reviews.review": ("s", "s"),
    "reviews.reviewaspect": ("s", "s"),
    "reviews.reviewlogentry": ("s", "s"),
    "reviews.reviewphoto": ("s", "s"),
    "reviews.reviewreport": ("s", "s"),
    "stores.apikey": ("sa", "sa"),
    "stores.bookingpolicy": ("sac", "sac"),
    "stores.category": ("sacd", "s"),
    "stores.historicalbookingpolicy": ("s", "s"),
    "stores.historicalcategory": ("s", ""),
    "stores.historicalopeninginterval": ("s", "s"),
    "stores.historicalspecialday": ("s", "s"),
    "stores.historicalspecialinterval": ("s", "s"),
    "stores.historicalstore": ("s", "s"),
    "stores.historicalstoremembership": ("s", ""),
    "stores.openinginterval": ("s", "s"),
    "stores.specialday": ("sacd", "sacd"),
    "stores.specialinterval": ("s", "s"),
    "stores.store": ("sac", "sc"),
    "stores.storemembership": ("sacd", ""),
}
VERBS = {"s": None, "a": "add", "c": "change", "d": "delete"}
# The addresses besides, by what they are for; {row} is Ann's booked appointment, or its review.
HERE = "appointments/appointment/{row}"
REVIEW = "reviews/review/{row}"
SESSION, RULE = "appointments/session/{row}", "appointments/sessionrule/{row}"
OFFER = "realtors/listing/{row}"
ASKED = "appointments/cancelrequest/{row}"
TALK, REPORTED = "chat/conversation/{row}", "chat/messagereport/{row}"
# Behind the number of an entry in the log, which opens them for its author alone
# (tests/chat/test_moderation_reading.py).
READING = "chat/conversation/reading/<int:grant>/"
BESIDE: dict[str, str] = {
    "": "staff",
    "search/": "staff",
    "jsi18n/": "staff",
    "login/": "anybody",
    "logout/": "anybody",
    "password_change/done/": "staff",
    "autocomplete/": "staff",
    "appointments/appointment/live/": "managers",
    "stores/bookingpolicy/preview/": "posted",
    "stores/storemembership/roles/": "operators",
    **{
        f"{HERE}/{step}/": "the store's"
        for step in (
            "accept",
            "decline",
            "start",
            "complete",
            "no-show",
            "reassign",
            "reschedule",
            "move-seat",
            "move-stay",
            "cancel",
            "ask-to-cancel",
        )
    },
    **{
        f"{SESSION}/{step}/": "the store's"
        for step in ("seats", "block", "unblock", "complete", "call_off")
    },
    f"{RULE}/end/": "the store's",
    # The store answers for its provider; who decides is not from the store.
    **{f"{ASKED}/{step}/": "the store's" for step in ("agree", "refuse")},
    f"{ASKED}/decide/": "operators",
    "payments/payment/report/": "managers",
    "payments/payment/{row}/look/": "the store's",
    "payments/paymentshare/{row}/refund/": "the store's",
    "payments/refund/{row}/send/": "the store's",
    **{f"{OFFER}/{step}/": "the store's" for step in ("publish", "withdraw", "hide", "restore")},
    "realtors/listingpicture/{row}/remove/": "the store's",
    # Whom a review displeases answers and reports; who hides it is not from the store.
    **{f"{REVIEW}/{step}/": "the store's" for step in ("answer", "report")},
    **{f"{REVIEW}/{step}/": "operators" for step in ("hide", "restore", "dismiss")},
    **{f"{TALK}/{step}/": "the store's" for step in ("read", "close", "open")},
    **{f"{REPORTED}/{step}/": "the store's" for step in ("read", "hide", "dismiss")},
    READING: "whoever said why",
    f"{READING}files/<str:key>/": "whoever said why",
    f"{READING}messages/<int:message_id>/<str:step>/": "whoever said why",
    "chat/conversation/write/": "operators",
    # Leads to the one above.
    "chat/conversation/write-to/": "posted",
    "chat/block/policy/": "operators",
}
BY_MODEL = re.compile(r"_(changelist|add|change|delete|history|export|save_search)$")
# Which rows may be brought in from a file, and by whom.
IMPORTED = {
    "realtors/realtor": "managers",
    "realtors/timeoff": "managers",
    "stores/category": "operators",
    "stores/specialday": "managers",
    "stores/store": "operators",
}
BESIDE |= {f"{path}/import/": who for path, who in IMPORTED.items()}
BESIDE |= {f"{path}/import/example/": who for path, who in IMPORTED.items()}
BESIDE |= {f"{path}/import/confirm/": "posted" for path in IMPORTED}


def routes() -> Iterator[str]:
    """The addresses that belong to no model's usual five."""

    def walk(patterns, before=""):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield before + str(one.pattern), one.name
            else:
                yield from walk(one.url_patterns, before + str(one.pattern))

    for path, name in walk(admin.site.get_urls()):
        usual = name and BY_MODEL.search(name)
        # The address without an end leads on to the page of a row.
        if not usual and not path.endswith("<path:object_id>/") and path[:1] not in ("^", "("):
            yield path.replace("<path:object_id>", "{row}")


def test_every_list_is_declared():
    assert sorted(MAY) == sorted(label(model) for model in MODELS)


def test_every_address_besides_is_declared():
    assert set(routes()) == set(BESIDE)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_the_rights_of_a_list_are_those_declared(model):
    listed, (operator, manager) = LISTED[model], MAY[label(model)]

    assert set(listed.operators_may) == {VERBS[one] for one in operator} - {None}
    assert set(listed.managers_may) == {VERBS[one] for one in manager} - {None}
    assert (listed.store_lookup is not None) == ("s" in manager)


@pytest.fixture
def unrendered(monkeypatch):
    """Whether a page opens does not depend on how it looks, and half the time goes into that."""

    def render(response):
        response.content = b""
        return response

    monkeypatch.setattr(SimpleTemplateResponse, "render", render)


@pytest.fixture
def people(ours, theirs, olga) -> dict:
    """Ann manages the store whose rows are asked for, Beatrix another."""
    realtor = UserFactory()
    ours.realtor.user = realtor
    ours.realtor.save()
    return {
        "customer": signed_in(UserFactory()),
        "realtor": signed_in(realtor),
        "manager of another store": signed_in(theirs.manager),
        "manager": signed_in(ours.manager),
        "operator": signed_in(olga),
    }


def row_of(ours, model) -> int | None:
    if MAY[label(model)][1] and model not in (Category, SavedSearch):
        return min(rows_in(ours, model))
    return model._default_manager.order_by("pk").values_list("pk", flat=True).first()


def expected(who: str, code: str, verb: str) -> tuple[int, ...]:
    """200 opens; 302 is the way to sign in, or for another store's row, to the first page."""
    if who in ("customer", "realtor"):
        return (302,)
    if not code:
        return (302, 403) if verb == "h" else (403,)
    if verb in ("s", "a"):
        return (200,) if verb in code else (403,)
    if who == "manager of another store":
        return (302, 403, 404)
    return (200,) if verb in code or verb == "h" else (403,)


def test_each_address_of_each_list_opens_to_whom_it_is_meant_for(
    ours, theirs, people, unrendered, client
):
    Category.objects.create(slug="singing", name="唱歌")
    wrong = []
    for model in MODELS:
        base, pk = list_of(model), row_of(ours, model)
        asked = {"s": base, "a": f"{base}add/", "e": f"{base}export/"}
        if pk is not None:
            asked |= {
                "view": f"{base}{pk}/change/",
                "d": f"{base}{pk}/delete/",
                "h": f"{base}{pk}/history/",
            }
        for verb, path in asked.items():
            if client.get(path).status_code != 302:
                wrong.append(("anonymous", path))
            for who, one in people.items():
                code = MAY[label(model)][0 if who == "operator" else 1]
                found = one.get(path).status_code
                # Whoever sees a list takes it along; whoever sees a row sees its page.
                asks = {"view": "h", "e": "s"}.get(verb, verb)
                known = expected(who, code, asks)
                if model is Category and who.startswith("manager of"):
                    known = expected("manager", code, asks)
                if model is Category and verb == "h" and who.startswith("manager"):
                    # Seen by all staff, and changed by people of no store of theirs.
                    known = (403,)
                if found not in known:
                    wrong.append((who, path, found, known))

    assert wrong == []


def test_each_address_besides_opens_to_whom_it_is_meant_for(
    ours, theirs, people, unrendered, client
):
    meant = {
        "staff": {"manager", "manager of another store", "operator"},
        "managers": {"manager", "manager of another store", "operator"},
        "the store's": {"manager", "operator"},
        "operators": {"operator"},
    }
    talk = Conversation.objects.get(store=ours.store)
    session = Session.objects.get(store=ours.store)
    share = ours.booked.shares.get()
    rows = {
        "payments/payment": share.payment,
        "payments/paymentshare": share,
        "payments/refund": share.refunds.get(),
        "reviews/review": ours.booked.review,
        "appointments/session": session,
        "appointments/cancelrequest": ours.booked.cancel_requests.get(),
        "appointments/sessionrule": session.rule,
        "realtors/listing": session.listing,
        "realtors/listingpicture": session.listing.pictures.get(),
        "chat/conversation": talk,
        "chat/messagereport": talk.reports.get(),
    }
    wrong = []
    for path, kind in BESIDE.items():
        if kind in ("anybody", "posted", "whoever said why") or path == "autocomplete/":
            continue
        row = rows.get(path.partition("/{row}")[0], ours.booked)
        address = "/admin/" + path.format(row=row.pk)
        if client.get(address).status_code != 302:
            wrong.append(("anonymous", path))
        for who, one in people.items():
            opens = one.get(address).status_code == 200
            if opens != (who in meant[kind]):
                wrong.append((who, path, opens))

    assert wrong == []


def test_the_page_of_roles_tells_what_the_rules_say(operator, ann, ours):
    html = operator.get("/admin/stores/storemembership/roles/").content.decode()

    assert "Olga Operator" in html
    assert "Ann Manager · Ann House" in html
    assert "see, add, change; own stores only" in html
    assert ann.get("/admin/stores/storemembership/roles/").status_code == 403


def test_a_manager_is_appointed_by_an_operator_only(ann, operator, ours, theirs):
    clerk = UserFactory(is_staff=True)
    sent = {"user": clerk.pk, "store": theirs.store.pk}
    path = list_of(StoreMembership) + "add/"

    assert ann.post(path, sent).status_code == 403
    assert not clerk.store_memberships.exists()

    operator.post(path, sent)
    assert clerk.store_memberships.get().store == theirs.store


def test_the_last_operator_stays_one(operator, olga):
    page = f"{list_of(User)}{olga.pk}/change/"
    sent = {
        "email": olga.email,
        "display_name": "Olga",
        "user_type": olga.user_type,
        "locale": "en",
    }

    refused = operator.post(page, {**sent, "is_active": "on", "is_staff": "on"})
    assert "no operator left" in refused.content.decode()

    UserFactory(operator=True)
    operator.post(page, {**sent, "is_active": "on", "is_staff": "on"})
    olga.refresh_from_db()
    assert not olga.is_superuser
