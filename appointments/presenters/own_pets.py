"""A customer's pets before a stay: which of them may come, and what stands against the others."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Pet
from appointments.selectors.stay_dates import Nights
from appointments.services.stay_checks import require_fitting
from appointments.stay_forms import StayForm
from booking_site.common.errors import Invalid
from realtors.models import Listing


def problems_of(place: Listing, pets: Iterable[Pet], nights: Nights) -> dict[int, str]:
    """By pet: why the place does not take it for these nights. Without those it takes."""
    found = {}
    for pet in pets:
        try:
            require_fitting(place, [pet], nights.check_out)
        except Invalid as refusal:
            said = (refusal.errors or {}).get("pet_ids") or [refusal]
            found[pet.pk] = str(next(iter(said)))
    return found


def pet_rows(form: StayForm, problems: Mapping[int, str], *, back: str) -> list[dict[str, Any]]:
    """To tick, each with what stands against it and where it is written down; ``back``: the page
    that writing it down leads to."""
    ticked = {pet.pk for pet in form.chosen}
    return [
        {
            "pk": pet.pk,
            "name": pet.name,
            "species": pet.species,
            "chosen": pet.pk in ticked and pet.pk not in problems,
            "problem": problems.get(pet.pk, ""),
            "href": _address("account_dependant", back, kind="pets", dependant_id=pet.pk),
        }
        for pet in form.known.values()
    ]


def adding_address(back: str) -> str:
    return _address("account_add_dependant", back, kind="pets")


def _address(name: str, back: str, **which: object) -> str:
    return f"{reverse(name, kwargs=which)}?{urlencode({'next': back})}"
