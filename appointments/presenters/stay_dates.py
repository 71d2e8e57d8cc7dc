"""Dates of a stay and the pets that come, as people say them."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, StayPet

from . import times


def dates_of_stay(check_in: date, check_out: date, today: date) -> str:
    """``March 3–March 5, 2 nights``; with the year when it is another one."""
    count = (check_out - check_in).days
    nights = ngettext("%(count)d night", "%(count)d nights", count) % {"count": count}
    return _("%(first)s–%(last)s, %(nights)s") % {
        "first": times.plain_day(check_in, today),
        "last": times.plain_day(check_out, today),
        "nights": nights,
    }


def dates_of(appointment: Appointment, today: date) -> str:
    """Empty for what is no stay."""
    if appointment.check_in is None or appointment.check_out is None:
        return ""
    return dates_of_stay(appointment.check_in, appointment.check_out, today)


def names_of_pets(pets: Iterable[StayPet]) -> str:
    """``Doubao, Mimi``."""
    return pgettext("list of names", ", ").join(one.name for one in pets)


def pets_with_species(pets: Iterable[StayPet]) -> str:
    """``Doubao (cat), Heidou (dog)``, in the words of whoever wrote them down."""
    named = (
        _("%(name)s (%(species)s)") % {"name": one.name, "species": one.species} for one in pets
    )
    return pgettext("list of names", ", ").join(named)
