"""`manage.py seed_demo` where it may not run, and beside people who are there already."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from booking_site.site.demo.accounts import ensure_accounts
from booking_site.site.demo.people import ACCOUNTS, PASSWORD
from stores.models import Store

from .first_run.conftest import FRIDAY


def test_it_refuses_to_run_where_there_is_no_demo(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO"):
        call_command("seed_demo")
    assert not Store.objects.exists()


def test_the_accounts_sign_in_on_the_page(db):
    ensure_accounts(at=FRIDAY)

    for account in ACCOUNTS:
        client = Client()
        client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})

        assert client.session["_auth_user_id"] == str(User.objects.get(email=account.email).pk)


def test_accounts_fit_into_a_database_that_already_knows_these_people(db):
    User.objects.create_user("customer@example.com", "mine-already-7")
    User.objects.create_user("other@example.com", "x", phone="+8613800138002")

    ensure_accounts(at=timezone.now())

    assert User.objects.filter(email="customer@example.com").count() == 1
    assert User.objects.filter(email__in=[one.email for one in ACCOUNTS]).count() == len(ACCOUNTS)
