"""Who may enter, and what their browser is told."""

import time

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.factories import PASSWORD, UserFactory

from .conftest import signed_in


def test_strangers_are_sent_to_the_site_s_own_sign_in_page(db):
    answer = Client().get("/admin/appointments/appointment/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_customers_may_not_enter(db):
    answer = signed_in(UserFactory()).get("/admin/", follow=True)

    assert answer.status_code == 403
    assert "This door is not yours" in answer.content.decode()


def test_closed_accounts_may_not_enter(olga, operator):
    olga.is_active = False
    olga.save()

    assert operator.get("/admin/").status_code == 302


def test_staff_without_a_store_find_nothing(db):
    clerk = signed_in(UserFactory(is_staff=True))

    assert clerk.get("/admin/").status_code == 200
    assert clerk.get("/admin/appointments/appointment/").status_code == 403
    assert clerk.get("/admin/stores/store/").status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_changes_on_the_account_s_own_page_where_tries_are_counted(operator, method):
    answer = getattr(operator, method)("/admin/password_change/", {"old_password": "guess"})

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/change/")


@pytest.mark.parametrize("page", ["", "totp/activate/"])
def test_the_pages_of_the_second_factor_wear_the_site_s_clothes(operator, olga, page):
    operator.get("/accounts/2fa/")
    session = operator.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()

    shown = operator.get(f"/accounts/2fa/{page}", follow=True).content.decode()

    assert "css/components." in shown
    assert 'class="btn' in shown
    assert "Messages:" not in shown


@pytest.fixture
def second_factor_required(settings):
    settings.STAFF_MFA_REQUIRED = True


def test_staff_are_sent_to_set_up_their_second_factor(operator, second_factor_required):
    answer = operator.get("/admin/", follow=True)

    assert ("/accounts/2fa/totp/activate/", 302) in answer.redirect_chain
    assert operator.get("/admin/appointments/appointment/").status_code == 302


SECRET = "JBSWY3DPEHPK3PXP"


def code_of_the_moment() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def sign_in(user) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_staff_enter_with_password_and_second_factor(olga, second_factor_required):
    TOTP.activate(olga, SECRET)
    client = sign_in(olga)
    assert client.get("/admin/").status_code == 302

    client.post("/accounts/2fa/authenticate/", {"code": code_of_the_moment()})

    assert client.get("/admin/").status_code == 200


def test_a_session_older_than_the_second_factor_is_asked_for_it(olga, second_factor_required):
    client = sign_in(olga)
    TOTP.activate(olga, SECRET)

    asked = client.get("/admin/", follow=True)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of_the_moment()})

    assert asked.redirect_chain[-1] == ("/accounts/2fa/reauthenticate/", 302)
    assert client.get("/admin/").status_code == 200


def test_pages_may_compile_expressions_but_load_nothing_from_elsewhere(operator):
    policy = operator.get("/admin/").headers["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval';" in f"{policy};"
    assert "object-src 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


def test_only_the_back_office_is_loosened(db):
    policy = Client().get("/accounts/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/appointments/", "/console/", "/stores/{store}/desk/"])
def test_a_password_alone_opens_no_page_to_staff(ann, ours, settings, path):
    settings.STAFF_MFA_REQUIRED = True

    answer = ann.get(path.format(store=ours.store.pk))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/?next=/")
    assert ann.get(answer["Location"])["Location"] == "/accounts/2fa/totp/activate/"


def test_nor_does_it_open_the_api(ann, ours, settings):
    settings.STAFF_MFA_REQUIRED = True
    path = f"/api/v1/appointment/appointments?store_id={ours.store.pk}"

    refused = ann.get(path)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    settings.STAFF_MFA_REQUIRED = False
    assert ann.get(path).status_code == 200


def test_customers_are_not_asked(db, settings):
    settings.STAFF_MFA_REQUIRED = True

    assert signed_in(UserFactory()).get("/appointments/").status_code == 200


def test_with_it_staff_go_where_they_like(olga, settings):
    settings.STAFF_MFA_REQUIRED = True
    TOTP.activate(olga, SECRET)
    client = sign_in(olga)
    client.post("/accounts/2fa/authenticate/", {"code": code_of_the_moment()})

    assert client.get("/appointments/").status_code == 200
