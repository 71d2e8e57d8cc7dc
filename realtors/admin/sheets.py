"""Realtors and time off as files."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.admin.sheets.columns import Column, Sheet, in_zone, joined
from realtors.models import Realtor, TimeOff


def skills_of(realtor: Realtor) -> str:
    return joined(skill.name for skill in realtor.skills.all())


def begins(off: TimeOff) -> str:
    return in_zone(off.starts_at, off.realtor.store.zone)


def ends(off: TimeOff) -> str:
    return in_zone(off.ends_at, off.realtor.store.zone)


class RealtorSheet(Sheet):
    store = Column(_("Store"), "store__slug")
    name = Column(_("Name"), "name")
    email = Column(_("E-mail"), "email", personal=True)
    phone = Column(_("Phone"), "phone", personal=True)
    bio = Column(_("About"), "bio")
    skills = Column(_("Skills"), told=skills_of)
    max_per_day = Column(_("Appointments a day"), "max_per_day")
    max_load = Column(_("Live load"), "max_load")
    is_active = Column(_("Active"), "is_active")
    rating = Column(_("Rating"), "rating")
    review_count = Column(_("Number of reviews"), "review_count")


class TimeOffSheet(Sheet):
    """By the wall clock of the store."""

    store = Column(_("Store"), "realtor__store__slug")
    realtor = Column(_("Realtor"), "realtor__name")
    email = Column(_("E-mail"), "realtor__email", personal=True)
    starts_at = Column(_("From"), told=begins)
    ends_at = Column(_("Until"), told=ends)
    reason = Column(_("Reason"), "reason", personal=True)
