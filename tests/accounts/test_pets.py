"""What is true of pets only."""

import pytest

from .people import ME

PETS = f"{ME}/pets"

BAD = {
    "no species": {"species": None},
    "no weight at all": {"weight_kg": 0},
    "a weight below nothing": {"weight_kg": -1},
    "a weight of a ship": {"weight_kg": 1000},
    "a weight to the gram": {"weight_kg": 1.001},
    "a weight that is no number": {"weight_kg": "NaN"},
    "an endless weight": {"weight_kg": "Infinity"},
    "a vaccination before vaccines": {"vaccinated_until": "1850-01-01"},
    "a vaccination forever": {"vaccinated_until": "9999-12-31"},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_it_refuses(meis_app, changes):
    facts = {"name": "豆豆", "species": "dog"} | changes

    answer = meis_app.post(PETS, facts, format="json")

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(changes)


def test_a_weight_may_come_as_text_and_is_shown_as_a_number(meis_app):
    facts = {"name": "豆豆", "species": "dog", "weight_kg": "7.5"}

    assert meis_app.post(PETS, facts, format="json").json()["data"]["weight_kg"] == 7.5
