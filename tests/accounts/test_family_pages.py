"""Pets and children, on the pages of their owner."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Child, Pet

FAMILY = "/accounts/family/"
CAT = {
    "name": "Mimi",
    "species": "cat",
    "breed": "",
    "birth_date": "2020-05-01",
    "weight_kg": "4.5",
    "vaccinated_until": "",
    "notes": "hides under the sofa",
}


@pytest.fixture
def mine(client, mei):
    client.force_login(mei)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def mimi(mei) -> Pet:
    return Pet.objects.create(owner=mei, name="Mimi", species="cat")


@pytest.fixture
def rex(wang) -> Pet:
    return Pet.objects.create(owner=wang, name="Rex", species="dog")


def test_it_asks_who_one_is(client, db):
    answer = client.get(FAMILY)

    assert answer["Location"] == f"/accounts/login/?next={FAMILY}"


def test_nobody_yet_says_what_to_do(mine):
    page = mine.get(FAMILY).content.decode()

    assert "Nobody here yet" in page
    assert "Add a pet" in page


def test_a_pet_is_added(mine, mei):
    answer = mine.post(f"{FAMILY}pets/new/", CAT)

    assert answer["Location"] == FAMILY
    assert (pet := mei.pets.get()).weight_kg is not None
    assert "Mimi" in mine.get(FAMILY).content.decode()
    assert pet.notes == "hides under the sofa"


def test_a_child_is_added_and_changed(mine, mei):
    mine.post(f"{FAMILY}children/new/", {"name": "Yi", "birth_date": "", "notes": ""})
    child = mei.children.get()

    mine.post(
        f"{FAMILY}children/{child.pk}/", {"name": "Yinuo", "birth_date": "2018-06-01", "notes": ""}
    )

    child.refresh_from_db()
    assert child.name == "Yinuo"
    assert "Born June 1, 2018" in mine.get(FAMILY).content.decode()


def test_what_is_known_stands_in_the_form(mine, mimi):
    page = mine.get(f"{FAMILY}pets/{mimi.pk}/").content.decode()

    assert 'value="Mimi"' in page


def test_removing_is_asked_about_and_then_done(mine, mimi):
    address = f"{FAMILY}pets/{mimi.pk}/remove/"

    assert "Remove Mimi from the list?" in mine.get(address).content.decode()
    assert mine.post(address)["Location"] == FAMILY
    assert not Pet.objects.exists()


def test_an_unlikely_birth_is_refused_at_the_field(mine):
    answer = mine.post(f"{FAMILY}pets/new/", CAT | {"birth_date": "1850-01-01"})

    assert 'id="id_birth_date_error"' in answer.content.decode()
    assert not Pet.objects.exists()


@pytest.mark.parametrize("end", ["", "remove/"])
def test_those_of_others_are_not_there(mine, rex, end):
    address = f"{FAMILY}pets/{rex.pk}/{end}"

    assert mine.get(address).status_code == 404
    assert mine.post(address, CAT).status_code == 404
    rex.refresh_from_db()
    assert rex.name == "Rex"


@pytest.mark.parametrize(
    "address", ["pets/0/", f"pets/{'9' * 40}/", "pets/x/", "dragons/new/", "pets/1/remove/"]
)
def test_odd_addresses_are_not_there(mine, address):
    assert mine.get(FAMILY + address).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "x" * 51},
        {"weight_kg": "1e999"},
        {"weight_kg": "NaN"},
        {"weight_kg": "-1"},
        {"birth_date": "0000-00-00"},
        {"birth_date": "9999-12-31"},
        {"vaccinated_until": "0001-01-01"},
        {"name": "\u200b\u200d"},
        {"notes": "x" * 501},
    ],
)
def test_hostile_facts_are_refused_and_break_nothing(mine, changed):
    assert mine.post(f"{FAMILY}pets/new/", CAT | changed).status_code == 200
    assert not Pet.objects.exists()


def test_a_script_in_a_name_is_only_text(mine, mei):
    Child.objects.create(parent=mei, name="<script>alert(1)</script>", notes="<img onerror=x>")

    for page in (FAMILY, f"{FAMILY}children/{mei.children.get().pk}/remove/"):
        text = mine.get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img onerror" not in text


def test_many_need_no_more_queries(mine, mei):
    Pet.objects.bulk_create(Pet(owner=mei, name=f"Pet {n}", species="cat") for n in range(40))

    with CaptureQueriesContext(connection) as queries:
        mine.get(FAMILY)

    assert len(queries) <= 6
