"""What is somebody else's is not there, and nobody in particular has nothing."""

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Child, Pet
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden

from .people import ME, PASSWORD

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)

MINE_ONLY = [
    ("get", ME),
    ("patch", ME),
    ("delete", ME),
    ("put", f"{ME}/avatar"),
    ("delete", f"{ME}/avatar"),
    ("get", f"{ME}/pets"),
    ("post", f"{ME}/pets"),
    ("get", f"{ME}/pets/1"),
    ("patch", f"{ME}/pets/1"),
    ("delete", f"{ME}/pets/1"),
    ("get", f"{ME}/children"),
    ("post", f"{ME}/children"),
    ("get", f"{ME}/children/1"),
    ("patch", f"{ME}/children/1"),
    ("delete", f"{ME}/children/1"),
]


@pytest.mark.parametrize(("method", "path"), MINE_ONLY)
def test_nobody_in_particular_is_asked_to_sign_in(anyone, method, path):
    answer = getattr(anyone, method)(path)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


@pytest.fixture
def meis_rows(mei) -> list[str]:
    pet = Pet.objects.create(owner=mei, name="豆豆", species="dog")
    child = Child.objects.create(parent=mei, name="小明")
    return [f"{ME}/pets/{pet.pk}", f"{ME}/children/{child.pk}"]


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_another_ones_row_answers_as_one_that_never_was(wangs_app, meis_rows, method):
    for path in meis_rows:
        foreign = getattr(wangs_app, method)(path)
        absent = getattr(wangs_app, method)(f"{path}999")

        assert foreign.status_code == absent.status_code == 404
        assert foreign.content == absent.content
    assert Pet.objects.get().name == "豆豆"
    assert Child.objects.get().name == "小明"


def test_another_ones_rows_are_in_no_list(wangs_app, meis_rows):
    assert wangs_app.get(f"{ME}/pets").json()["data"] == []
    assert wangs_app.get(f"{ME}/children").json()["data"] == []


def test_an_operator_is_no_exception(meis_rows, mei):
    from .people import app_with, make_user, tokens_of

    make_user("operator@example.com", is_staff=True, is_superuser=True)
    operator = app_with(tokens_of("operator@example.com")["access"])

    assert [operator.get(path).status_code for path in meis_rows] == [404, 404]


def test_naming_another_owner_gives_it_to_oneself(wangs_app, wang, mei):
    facts = {"name": "豆豆", "species": "dog", "owner": mei.pk, "owner_id": mei.pk}

    wangs_app.post(f"{ME}/pets", facts, format="json")

    assert Pet.objects.get().owner == wang


def test_nobody_changes_another_ones_profile_pet_or_child(mei, wang, meis_rows):
    wang_acts = {"by": Actor.of(wang), "at": AT}
    pet, child = Pet.objects.get(), Child.objects.get()
    attempts = [
        lambda: services.change_profile(mei, changes={"display_name": "x"}, **wang_acts),
        lambda: services.erase_account(mei, **wang_acts),
        lambda: services.set_avatar(mei, jpeg=b"", **wang_acts),
        lambda: services.change_pet(pet, facts={"name": "x"}, **wang_acts),
        lambda: services.remove_pet(pet, **wang_acts),
        lambda: services.change_child(child, facts={"name": "x"}, **wang_acts),
        lambda: services.remove_child(child, **wang_acts),
        lambda: services.revoke_all(mei, **wang_acts),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_a_guest_has_no_pets(db):
    with pytest.raises(Forbidden):
        services.add_pet(facts={"name": "x", "species": "y"}, by=Actor.guest(), at=AT)


class TestOfThePages:
    """The session cookie opens the API too, with CSRF protection."""

    @pytest.fixture
    def browser(self, mei) -> APIClient:
        browser = APIClient(enforce_csrf_checks=True)
        browser.login(username="mei@example.com", password=PASSWORD)
        return browser

    def test_reading_needs_the_cookie_alone(self, browser, mei):
        assert browser.get(ME).json()["data"]["id"] == str(mei.pk)

    def test_writing_needs_the_csrf_token(self, browser):
        answer = browser.patch(ME, {"display_name": "x"}, format="json")

        assert answer.status_code == 403
        assert answer.json()["code"] == "forbidden"

    def test_writing_with_the_csrf_token_works(self, browser):
        token = "a" * 32
        browser.cookies["csrftoken"] = token

        answer = browser.patch(
            ME, {"display_name": "x"}, format="json", headers={"X-CSRFToken": token}
        )

        assert answer.status_code == 200

    def test_a_closed_account_is_out(self, browser, mei):
        mei.is_active = False
        mei.save()

        assert browser.get(ME).status_code == 401
