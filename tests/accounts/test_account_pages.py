"""Where people land, how they sign in, and what their account says of it."""

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, UserType
from tests.factories import RealtorFactory

from .people import PASSWORD, make_user
from .test_avatar import GOOD

LOGIN, SECURITY = "/accounts/login/", "/accounts/security/"


@pytest.fixture
def reader(client):
    """Somebody who reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def mine(reader, mei):
    reader.force_login(mei)
    return reader


def landing(client, login: str, **more: str) -> str:
    answer = client.post(LOGIN, {"login": login, "password": PASSWORD} | more)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


# Where people land


def test_customers_land_on_their_appointments(reader, mei):
    assert landing(reader, "mei@example.com") == reverse("appointments:mine")


def test_realtors_land_on_the_console(reader, db):
    make_user("wei@example.com", user_type=UserType.PROVIDER)

    assert landing(reader, "wei@example.com") == reverse("appointments:console:today")


def test_so_does_a_customer_whom_a_store_has_made_its_realtor(reader, mei):
    RealtorFactory(user=mei)

    assert landing(reader, "mei@example.com") == reverse("appointments:console:today")


def test_staff_land_in_the_back_office(reader, db):
    make_user("hua@example.com", is_staff=True)

    assert landing(reader, "hua@example.com") == reverse("admin:index")


def test_next_goes_before_all_of_it(reader, db):
    make_user("hua@example.com", is_staff=True)

    assert landing(reader, "hua@example.com", next="/stores/?page=2") == "/stores/?page=2"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_next_leads_to_no_other_site(reader, db, elsewhere):
    make_user("hua@example.com", is_staff=True)

    assert landing(reader, "hua@example.com", next=elsewhere) == reverse("admin:index")


def test_a_new_realtor_lands_on_the_console(reader, db):
    facts = {"display_name": "Wei", "email": "wei@example.com", "phone": ""}

    answer = reader.post(
        "/accounts/signup/", facts | {"password1": PASSWORD, "user_type": "provider"}
    )

    assert answer["Location"] == reverse("appointments:console:today")


# Signing in goes wrong


def test_a_wrong_password_is_told_in_our_words(reader, mei):
    page = reader.post(LOGIN, {"login": "mei@example.com", "password": "x"}).content.decode()

    assert "The name or the password is wrong." in page


def test_too_many_tries_say_how_long_to_wait(reader, mei):
    with time_machine.travel(timezone.now().replace(minute=1, second=0), tick=False):
        for _ in range(10):
            reader.post(LOGIN, {"login": "mei@example.com", "password": "x"})
        page = reader.post(LOGIN, {"login": "mei@example.com", "password": PASSWORD})

    text = page.content.decode()
    assert "Please wait 14 minutes; your password is unchanged." in text


# The account


def test_it_asks_who_one_is(client, db):
    for path in (SECURITY, "/accounts/profile/picture/remove/"):
        assert client.get(path)["Location"] == f"{LOGIN}?next={path}"


def test_it_says_whether_the_address_is_confirmed(mine, mei):
    assert "not confirmed" not in mine.get(SECURITY).content.decode()

    EmailAddress.objects.filter(user=mei).update(verified=False)
    assert "not confirmed" in mine.get(SECURITY).content.decode()


def test_it_leads_to_ones_data_and_out(mine):
    page = mine.get(SECURITY).content.decode()

    assert 'href="/api/v1/me/export"' in page
    assert 'href="/accounts/profile/leave/"' in page


def test_a_picture_is_removed(mine, mei):
    mine.post(
        "/accounts/profile/picture/",
        {"avatar": SimpleUploadedFile("me.png", GOOD["PNG"], "image/png")},
    )
    assert "remove-picture" in mine.get("/accounts/profile/").content.decode()

    mine.post("/accounts/profile/picture/remove/")

    assert not User.objects.get(pk=mei.pk).avatar
    assert "remove-picture" not in mine.get("/accounts/profile/").content.decode()


@pytest.mark.parametrize("name", ["\u200b\u200d", "\u2800", "\u3164 \u00a0", "\u0301", "\u00ad"])
def test_a_name_that_nobody_can_see_is_none(mine, mei, name):
    mine.post("/accounts/profile/", {"display_name": name, "phone": "", "locale": "en"})

    mei.refresh_from_db()
    assert mei.display_name == "Mei"


@pytest.mark.parametrize("name", ["é", "👩‍👩‍👧", "क्षि", "李雷"])
def test_a_name_of_any_script_is_one(mine, mei, name):
    mine.post("/accounts/profile/", {"display_name": name, "phone": "", "locale": "en"})

    mei.refresh_from_db()
    assert mei.display_name == name


# The second step


@pytest.fixture
def recent(mine, mei):
    """Has just typed the password."""
    mine.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return mine


def test_its_key_is_shown_as_a_picture_and_in_letters(recent):
    page = recent.get("/accounts/2fa/totp/activate/").content.decode()

    assert 'src="data:image/svg+xml' in page
    assert "No camera at hand?" in page


def test_a_wrong_code_is_told_in_our_words(recent):
    recent.get("/accounts/2fa/totp/activate/")

    page = recent.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()

    assert "This code is not right." in page


@pytest.mark.parametrize(
    "path",
    ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/"],
)
def test_each_of_its_pages_is_ours(recent, mei, path):
    TOTP.activate(mei, generate_totp_secret())
    RecoveryCodes.activate(mei)

    answer = recent.get(f"/accounts/2fa/{path}", follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "css/account." in page
    assert "style=" not in page
    assert Authenticator.objects.filter(user=mei).count() == 2


def test_it_is_asked_for_after_the_password(reader, mei):
    TOTP.activate(mei, generate_totp_secret())

    answer = reader.post(LOGIN, {"login": "mei@example.com", "password": PASSWORD}, follow=True)

    assert "Your password is right. Now type the code" in answer.content.decode()
