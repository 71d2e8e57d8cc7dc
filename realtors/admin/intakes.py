"""What files bring into realtors and time off."""

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking_site.common.admin.sheets.columns import joined
from booking_site.common.admin.sheets.intake import Taken, clock_of, day_of, fill, told
from booking_site.common.errors import Invalid
from booking_site.common.periods import day_start, local_instant
from realtors.models import Realtor, TimeOff
from realtors.services import add_time_off, change_time_off, save_realtor
from stores.admin.intakes import OfStores, labels
from stores.models import Category, Store

from .sheets import RealtorSheet, TimeOffSheet, begins, ends, skills_of

BETWEEN_SKILLS = re.compile(r"[、,;|，；]")
OWN = ("name", "email", "phone", "bio", "max_per_day", "max_load", "is_active")


class OfRealtors(OfStores):
    personal = True

    def realtor_of(self, store: Store, name: str, email: str) -> Realtor | None:
        """By e-mail where it is known, else by name. Raises Invalid where two are called so."""
        people = Realtor.objects.filter(store=store).select_related("store")
        if email:
            by_email = [one for one in people.filter(email=email) if one.email == email]
            if len(by_email) == 1:
                return by_email[0]
        named = [one for one in people.filter(name=name) if one.name == name]
        if len(named) > 1:
            text = _("Two in this store are called “%(name)s”: tell them apart by e-mail.")
            raise Invalid(errors={"": [text % {"name": name[:40]}]})
        return named[0] if named else None


class RealtorIntake(OfRealtors):
    """Found again by store and e-mail, else by store and name. Their accounts and what the site
    earns on them are no matter of files."""

    columns = labels(RealtorSheet, "store", "name", "email", "phone", "bio", "skills")
    columns |= labels(RealtorSheet, "max_per_day", "max_load", "is_active")
    left_alone = labels(RealtorSheet, "rating", "review_count")
    required = ("store", "name")
    hints: ClassVar[dict[str, Any]] = {
        "store": gettext_lazy("short name or name of the store"),
        "email": gettext_lazy("finds somebody again whose name has changed"),
        "skills": gettext_lazy("categories, parted by commas"),
        "is_active": gettext_lazy("yes or no"),
    }
    example = {
        "store": "my-store",
        "name": "林晓彤",
        "email": "lin@example.com",
        "skills": "家政、维修",
        "is_active": "yes",
    }

    def take(self, cells: dict[str, str]) -> Taken:
        store = self.store_of(cells["store"])
        found = self.realtor_of(store, cells["name"], cells.get("email", ""))
        row = found or Realtor(store=store)
        before = skills_of(row) if found else ""
        _changed, lines = fill(row, cells, OWN, intake=self)
        skills = self._skills(cells["skills"]) if "skills" in cells else None
        if skills is not None:
            lines += told(self.columns["skills"], before, joined(one.name for one in skills))
        if lines:
            save_realtor(row, skills=skills, by=self.by, at=self.at)
        kind = "new" if found is None else "changed" if lines else "same"
        return Taken(kind, f"{store} · {row.name}", lines)

    def _skills(self, cell: str) -> list[Category]:
        names = [name.strip() for name in BETWEEN_SKILLS.split(cell) if name.strip()]
        rows = Category.objects.filter(Q(name__in=names) | Q(name_en__in=names) | Q(slug__in=names))
        known = list(rows)
        unknown = [
            name for name in names if not any(name in (c.name, c.name_en, c.slug) for c in known)
        ]
        if unknown:
            text = _("There is no category “%(name)s”.")
            raise Invalid(errors={"skills": [text % {"name": name[:40]} for name in unknown]})
        return [c for c in known if {c.name, c.name_en, c.slug} & set(names)]


class TimeOffIntake(OfRealtors):
    """By the wall clock of the store. What starts and ends as before only changes its reason."""

    columns = labels(TimeOffSheet, "store", "realtor", "email", "starts_at", "ends_at", "reason")
    required = ("store", "realtor", "starts_at", "ends_at")
    hints: ClassVar[dict[str, Any]] = {
        "store": gettext_lazy("short name or name of the store"),
        "email": gettext_lazy("where two have the same name"),
        "starts_at": gettext_lazy("such as 2026-10-01 09:00; without a time from midnight"),
        "ends_at": gettext_lazy("such as 2026-10-01 18:00; without a time the whole day"),
    }
    example = {
        "store": "my-store",
        "realtor": "林晓彤",
        "starts_at": "2026-10-01 09:00",
        "ends_at": "2026-10-07 18:00",
        "reason": "国庆",
    }

    def take(self, cells: dict[str, str]) -> Taken:
        store = self.store_of(cells["store"])
        realtor = self.realtor_of(store, cells["realtor"], cells.get("email", ""))
        if realtor is None:
            text = _("Nobody in this store is called “%(name)s”.")
            raise Invalid(errors={"realtor": [text % {"name": cells["realtor"][:40]}]})
        starts_at = self._instant(cells["starts_at"], store, "starts_at")
        ends_at = self._instant(cells["ends_at"], store, "ends_at")
        reason = cells.get("reason")
        if reason and len(reason) > 100:
            raise Invalid(errors={"reason": [_("At most 100 characters.")]})
        there = TimeOff.objects.filter(
            realtor=realtor, starts_at=starts_at, ends_at=ends_at
        ).first()
        by: dict[str, Any] = {"by": self.by, "at": self.at}
        if there is None:
            off = add_time_off(
                realtor, starts_at=starts_at, ends_at=ends_at, reason=reason or "", **by
            )
            lines = [
                *told(self.columns["starts_at"], "", begins(off)),
                *told(self.columns["ends_at"], "", ends(off)),
                *told(self.columns["reason"], "", off.reason),
            ]
            return Taken("new", f"{store} · {realtor.name}", lines)
        lines = told(
            self.columns["reason"], there.reason, there.reason if reason is None else reason
        )
        if lines:
            there.realtor = realtor
            change_time_off(there, reason=reason, **by)
        return Taken("changed" if lines else "same", f"{store} · {realtor.name}", lines)

    def _instant(self, cell: str, store: Store, key: str) -> datetime:
        day_part, _blank, clock_part = cell.replace("T", " ").strip().partition(" ")
        day = day_of(day_part, key)
        try:
            if not clock_part.strip():
                whole = day + timedelta(days=1) if key == "ends_at" else day
                return day_start(whole, store.zone)
            instant = local_instant(day, clock_of(clock_part.strip(), key), store.zone)
        except OverflowError as error:
            raise Invalid(errors={key: [_("Please check the year.")]}) from error
        if instant is None:
            text = _("The clocks change then: that time does not exist on this day.")
            raise Invalid(errors={key: [text]})
        return instant
