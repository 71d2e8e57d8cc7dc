"""CRUD of me/pets and me/children."""

import pytest

from accounts.models import Child, Pet

from .people import ME

PETS, CHILDREN = f"{ME}/pets", f"{ME}/children"
PET = {
    "name": "豆豆",
    "species": "dog",
    "breed": "Shiba",
    "birth_date": "2020-05-01",
    "weight_kg": 9.25,
    "vaccinated_until": "2027-01-31",
    "notes": "afraid of thunder",
}
CHILD = {"name": "小明", "birth_date": "2018-09-01", "notes": "nut allergy"}
KINDS = {"pets": (PETS, PET), "children": (CHILDREN, CHILD)}

pytestmark = pytest.mark.parametrize(("path", "facts"), KINDS.values(), ids=KINDS)


def add(app, path, facts, **changes):
    return app.post(path, facts | changes, format="json")


def test_adding_one_answers_with_it(meis_app, path, facts):
    answer = add(meis_app, path, facts)

    assert answer.status_code == 201
    data = answer.json()["data"]
    assert isinstance(data.pop("id"), str)
    assert data == facts


def test_a_name_is_enough_where_nothing_more_is_known(meis_app, path, facts):
    least = {name: facts[name] for name in ("name", "species") if name in facts}

    assert add(meis_app, path, least).status_code == 201


def test_the_list_comes_in_pages(meis_app, path, facts):
    for n in range(5):
        add(meis_app, path, facts, name=f"no. {n}")

    answer = meis_app.get(f"{path}?page=2&limit=2").json()

    assert [row["name"] for row in answer["data"]] == ["no. 2", "no. 3"]
    assert answer["pagination"] == {"page": 2, "limit": 2, "total": 5}


def test_the_list_takes_the_same_queries_however_long(
    meis_app, path, facts, django_assert_num_queries
):
    for n in range(5):
        add(meis_app, path, facts, name=f"no. {n}")

    with django_assert_num_queries(3):
        meis_app.get(path)


@pytest.mark.parametrize("query", ["page=0", "page=x", "limit=101", "limit=-1", "page=99999999"])
def test_a_page_that_cannot_be_is_refused(meis_app, path, facts, query):
    assert meis_app.get(f"{path}?{query}").status_code == 400


def test_one_is_shown_changed_and_removed(meis_app, path, facts):
    one = f"{path}/{add(meis_app, path, facts).json()['data']['id']}"

    assert meis_app.get(one).json()["data"]["name"] == facts["name"]
    changed = meis_app.patch(one, {"notes": "none"}, format="json")
    assert changed.json()["data"] == meis_app.get(one).json()["data"]
    assert changed.json()["data"]["notes"] == "none"
    assert changed.json()["data"]["name"] == facts["name"]
    assert meis_app.delete(one).status_code == 204
    assert meis_app.get(one).status_code == 404


def test_the_same_key_adds_once(meis_app, path, facts):
    first, again = (
        meis_app.post(path, facts, format="json", HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)
    )

    assert first.json() == again.json()
    assert Pet.objects.count() + Child.objects.count() == 1


BAD = {
    "no name": {"name": None},
    "an empty name": {"name": " "},
    "an endless name": {"name": "x" * 51},
    "endless notes": {"notes": "x" * 501},
    "a birth in the future": {"birth_date": "2999-01-01"},
    "a birth before time": {"birth_date": "0001-01-01"},
    "a date that never was": {"birth_date": "2023-02-30"},
    "a number for a date": {"birth_date": 20230101},
    "an object for a name": {"name": {}},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_it_refuses(meis_app, path, facts, changes):
    answer = add(meis_app, path, facts, **changes)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(changes)
    assert Pet.objects.count() + Child.objects.count() == 0


@pytest.mark.parametrize("row_id", ["0", "x", "-1", "9" * 30, "1.5", "%00", "٣"])
def test_an_id_that_is_none_is_not_found_in_the_envelope(meis_app, path, facts, row_id):
    answer = meis_app.get(f"{path}/{row_id}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
