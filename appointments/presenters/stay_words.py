"""Stays in a boarding place, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, StayPet
from appointments.models.appointment import LIVE
from appointments.presenters import times


def stay_dates(stay: Appointment, today: date) -> str:
    """``today (Mon, March 2) – Thu, March 5, 3 nights``."""
    assert stay.check_in is not None
    assert stay.check_out is not None
    facts = {
        "first": times.full_day(stay.check_in, today),
        "last": times.calendar_day(stay.check_out, today),
        "nights": nights(stay.nights),
    }
    return _("%(first)s – %(last)s, %(nights)s") % facts


def dates_in_short(check_in: date, check_out: date, today: date) -> str:
    """``March 3–March 5, 2 nights``; with the year when it is another one."""
    return _("%(first)s–%(last)s, %(nights)s") % {
        "first": times.plain_day(check_in, today),
        "last": times.plain_day(check_out, today),
        "nights": nights((check_out - check_in).days),
    }


def dates_of(appointment: Appointment, today: date) -> str:
    """The same of an appointment; empty for what is no stay."""
    if appointment.check_in is None or appointment.check_out is None:
        return ""
    return dates_in_short(appointment.check_in, appointment.check_out, today)


def dates_to_choose(appointment: Appointment, today: date) -> str:
    """``Fri, November 28 to Mon, December 1``: where how many nights they are is said beside it."""
    assert appointment.check_in is not None
    assert appointment.check_out is not None
    return _("%(first)s to %(last)s") % {
        "first": times.spoken_day(appointment.check_in, today),
        "last": times.calendar_day(appointment.check_out, today),
    }


def hours_in_words(stay: Appointment) -> str:
    """``3 nights, check-in from 14:00, check-out until 12:00``."""
    return _("%(nights)s, check-in from %(brought)s, check-out until %(fetched)s") % {
        "nights": nights(stay.nights),
        "brought": times.clock(stay.starts_local),
        "fetched": times.clock(stay.ends_local),
    }


def nights(count: int) -> str:
    return ngettext("%(count)d night", "%(count)d nights", count) % {"count": count}


def pets(count: int) -> str:
    return ngettext("%(count)d pet", "%(count)d pets", count) % {"count": count}


def names_of(stay: Appointment) -> str:
    """Of those whose pets are loaded; how many, where the names are gone with their account."""
    there = list(stay.stay_pets.all())
    return _joined(one.name for one in there if one.name) or pets(len(there))


def with_species(rows: Iterable[StayPet]) -> str:
    """``Doubao (cat), Heidou (dog)``, in the words of whoever wrote them down."""
    return _joined(
        _("%(name)s (%(species)s)") % {"name": one.name, "species": one.species} for one in rows
    )


def pet_rows(stay: Appointment) -> list[dict[str, Any]]:
    """What a sitter must know: as it was booked, and what the owner has written down by now."""
    return [_pet(one, stay) for one in stay.stay_pets.all()]


def brought(stay: Appointment) -> str:
    """From what hour on."""
    return _("from %(time)s") % {"time": times.clock(stay.starts_local)}


def fetched(stay: Appointment) -> str:
    return _("until %(time)s") % {"time": times.clock(stay.ends_local)}


def _pet(one: StayPet, stay: Appointment) -> dict[str, Any]:
    # What the owner writes down later is for whoever has the pet then.
    pet = one.pet if stay.status in LIVE else None
    if pet is None:
        return {"name": one.name, "what": one.species, "facts": [], "notes": "", "warning": ""}
    weight = number_format(pet.weight_kg.normalize()) if pet.weight_kg is not None else ""
    facts = [_("%(weight)s kg") % {"weight": weight}] if weight else []
    if pet.birth_date is not None:
        facts.append(_("born %(date)s") % {"date": _date(pet.birth_date, stay)})
    until = pet.vaccinated_until
    if until is not None:
        facts.append(_("vaccinated until %(date)s") % {"date": _date(until, stay)})
    return {
        "name": one.name,
        "what": _joined(word for word in (one.species, pet.breed) if word),
        "facts": facts,
        "notes": pet.notes,
        "warning": _vaccination(one, stay),
    }


def _vaccination(one: StayPet, stay: Appointment) -> str:
    """Also where the place does not ask for one: whoever takes pets in wants to know."""
    until = one.pet.vaccinated_until if one.pet else None
    if until is None:
        return _("No vaccination is written down.")
    if stay.check_out is not None and until < stay.check_out:
        return _("The vaccination ends before the check-out.")
    return ""


def _joined(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)


def _date(day: date, stay: Appointment) -> str:
    return times.plain_day(day, stay.check_in or day)
