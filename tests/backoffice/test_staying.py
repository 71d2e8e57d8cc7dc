"""How long staff stay signed in here, what they must have proven a moment ago, and that each proof
counts once."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from stores.models import StoreMembership
from tests.factories import PASSWORD, UserFactory

from .places import list_of, page_of
from .registry import MODELS
from .test_entering import SECRET, code_of_the_moment, sign_in

MINUTE = 60


@pytest.fixture
def strict(settings):
    """As in production."""
    settings.STAFF_MFA_REQUIRED = True
    settings.STAFF_IDLE_MINUTES = 30
    settings.STAFF_SESSION_HOURS = 12
    settings.STAFF_RECENT_MINUTES = 10
    cache.clear()


@pytest.fixture
def entered(olga, strict) -> Client:
    TOTP.activate(olga, SECRET)
    client = sign_in(olga)
    client.post("/accounts/2fa/authenticate/", {"code": code_of_the_moment()})
    return client


def shift(client: Client, *, proven: float, seen: float) -> None:
    """So many seconds ago."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        {**one, "at": time.time() - proven} for one in records
    ]
    session["back_office_seen_at"] = time.time() - seen
    session.save()


def test_no_page_opens_without_the_second_factor(olga, ours, strict):
    """Every list and form of the registry, and the pages between."""
    client = sign_in(olga)
    pages = [page for model in MODELS for page in (list_of(model), f"{list_of(model)}add/")]
    rows = [page_of(row) for model in MODELS if (row := model._default_manager.first())]
    more = ["/admin/", "/admin/autocomplete/", "/admin/appointments/appointment/live/"]

    for page in [*pages, *rows, *more]:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_code_counts_once(entered, olga):
    code = code_of_the_moment()
    assert entered.get("/admin/").status_code == 200
    again = sign_in(olga)

    answer = again.post("/accounts/2fa/authenticate/", {"code": code})

    assert answer.status_code == 200
    assert again.get("/admin/").status_code == 302


def test_a_recovery_code_counts_once(olga, strict):
    TOTP.activate(olga, SECRET)
    code = RecoveryCodes.activate(olga).get_unused_codes()[0]
    first, second = sign_in(olga), sign_in(olga)

    first.post("/accounts/2fa/authenticate/", {"code": code})
    refused = second.post("/accounts/2fa/authenticate/", {"code": code})

    assert first.get("/admin/").status_code == 200
    assert refused.status_code == 200
    assert second.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("proven", "seen", "opens"),
    [
        (29 * MINUTE, 29 * MINUTE, True),
        (3 * 60 * MINUTE, 29 * MINUTE, True),
        (3 * 60 * MINUTE, 31 * MINUTE, False),
        (11.9 * 60 * MINUTE, MINUTE, True),
        (12.1 * 60 * MINUTE, MINUTE, False),
    ],
)
def test_idle_for_half_an_hour_or_in_for_twelve_hours_one_is_asked_again(
    entered, proven, seen, opens
):
    shift(entered, proven=proven, seen=seen)

    answer = entered.get("/admin/stores/store/")

    assert answer.status_code == (200 if opens else 302)
    if not opens:
        assert (
            answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fstores%2Fstore%2F"
        )


def test_working_here_keeps_one_in(entered):
    shift(entered, proven=40 * MINUTE, seen=20 * MINUTE)
    entered.get("/admin/")

    assert time.time() - entered.session["back_office_seen_at"] < MINUTE


def test_after_the_proof_one_is_back_where_one_was(settings, olga, operator, strict):
    settings.STAFF_MFA_REQUIRED = False
    asked = operator.get("/admin/stores/store/")
    answer = operator.post(
        asked["Location"], {"password": PASSWORD, "next": "/admin/stores/store/"}
    )

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert answer["Location"] == "/admin/stores/store/"
    assert operator.get("/admin/stores/store/").status_code == 200


def test_rights_are_given_by_somebody_who_has_just_proven_who_they_are(entered, ours):
    clerk = UserFactory(is_staff=True)
    shift(entered, proven=11 * MINUTE, seen=MINUTE)
    paths = [page_of(clerk), f"{list_of(User)}add/", f"{list_of(StoreMembership)}add/"]

    for path in paths:
        for answer in (entered.get(path), entered.post(path, {"is_superuser": "on"})):
            assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    store = entered.get(page_of(ours.store))
    shown = {one.opts.model: one for one in store.context["inline_admin_formsets"]}
    assert not shown[StoreMembership].has_add_permission

    shift(entered, proven=9 * MINUTE, seen=MINUTE)
    assert [entered.get(path).status_code for path in paths] == [200, 200, 200]


def test_a_password_is_no_proof_of_who_has_a_second_factor(entered, olga):
    """Who looks over a shoulder knows the password."""
    path = f"{list_of(User)}add/"
    shift(entered, proven=11 * MINUTE, seen=MINUTE)
    answer = entered.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})
    newest = max(entered.session["account_authentication_methods"], key=lambda one: one["at"])
    assert (answer.status_code, newest["method"]) == (302, "password")

    assert entered.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


FACTOR = [
    "totp/activate/",
    "totp/deactivate/",
    "recovery-codes/",
    "recovery-codes/generate/",
    "recovery-codes/download/",
]


def with_the_password_alone(client: Client) -> Client:
    shift(client, proven=11 * MINUTE, seen=MINUTE)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("page", FACTOR)
@pytest.mark.parametrize("minutes", [10, 0])
def test_with_the_password_alone_nobody_sees_or_changes_a_second_factor(
    settings, entered, olga, page, minutes
):
    settings.STAFF_RECENT_MINUTES = minutes
    codes = RecoveryCodes.activate(olga).get_unused_codes()
    client = with_the_password_alone(entered)

    for answer in (client.get(f"/accounts/2fa/{page}"), client.post(f"/accounts/2fa/{page}")):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2Faccounts%2F2fa")
    assert Authenticator.objects.filter(user=olga, type="totp").exists()
    left = Authenticator.objects.get(user=olga, type="recovery_codes").wrap()
    assert left.get_unused_codes() == codes


def test_with_the_second_factor_its_owner_sees_and_removes_it(entered, olga):
    code = RecoveryCodes.activate(olga).get_unused_codes()[0]
    shift(entered, proven=11 * MINUTE, seen=MINUTE)
    page = "/accounts/2fa/recovery-codes/"
    answer = entered.post("/accounts/2fa/reauthenticate/", {"code": code, "next": page})

    assert answer["Location"] == page
    assert entered.get(page).status_code == 200
    entered.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=olga).exists()


def test_a_password_is_no_proof_of_staff_whose_second_factor_was_taken_away(entered, olga):
    Authenticator.objects.filter(user=olga).delete()
    path = f"{list_of(User)}add/"

    answer = with_the_password_alone(entered).get(path)

    assert answer["Location"].startswith("/accounts/2fa/totp/activate/?next=")


def test_a_password_does_not_bring_back_a_session_that_ran_out(entered):
    shift(entered, proven=3 * 60 * MINUTE, seen=31 * MINUTE)
    entered.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert entered.get("/admin/")["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


@pytest.mark.parametrize("model", [StoreMembership, Authenticator])
def test_neither_rights_nor_second_factors_are_removed_in_a_list_by_somebody_unproven(
    entered, ours, olga, model
):
    row = model.objects.first()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    shift(entered, proven=11 * MINUTE, seen=MINUTE)

    refused = entered.post(list_of(model), chosen)
    one = entered.post(f"{list_of(model)}{row.pk}/delete/", {"post": "yes"})

    for answer in (refused, one):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert model.objects.filter(pk=row.pk).exists()
    shift(entered, proven=MINUTE, seen=MINUTE)
    entered.post(list_of(model), chosen)
    assert not model.objects.filter(pk=row.pk).exists()


def test_the_demo_asks_nobody(operator, olga):
    assert operator.get(page_of(olga)).status_code == 200
