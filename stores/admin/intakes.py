"""What files bring into stores, special days and categories."""

import re
import unicodedata
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking_site.common.admin.history.words import Line
from booking_site.common.admin.sheets.intake import (
    Intake,
    Taken,
    clock_of,
    day_of,
    fill,
    keep,
    told,
)
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from stores.events import StoreHoursChanged
from stores.models import Category, SpecialDay, Store
from stores.rules import Interval
from stores.services import add_special_day, change_special_day

from .promises import left_behind
from .sheets import CategorySheet, SpecialDaySheet, StoreSheet, hours_in_words

STRETCH = re.compile(r"(\d{1,2}:\d{2})\s*[-~–—至到]\s*(\d{1,2}:\d{2})")
CLOSED = {"closed", "关门", "休息", "不营业", "-", "–"}


def labels(sheet: Any, *names: str) -> dict[str, Any]:
    return {name: sheet.fields[name].column_name for name in names}


class OfStores(Intake):
    """Rows that name their store by its short name, or as it is called."""

    def store_of(self, cell: str) -> Store:
        stores = Store.objects.filter(Q(slug=cell) | Q(name=cell))
        if self.store_ids is not None:
            stores = stores.filter(pk__in=self.store_ids)
        # MariaDB finds é for e.
        found = [store for store in stores if cell in (store.slug, store.name)]
        if len(found) != 1:
            text = _("There is no store “%(cell)s” among those you run.")
            raise Invalid(errors={"store": [text % {"cell": cell[:40]}]})
        return found[0]


class SpecialDayIntake(OfStores):
    columns = labels(SpecialDaySheet, "store", "date", "hours", "note")
    required = ("store", "date")
    hints: ClassVar[dict[str, Any]] = {
        "store": gettext_lazy("short name or name of the store"),
        "date": gettext_lazy("such as 2026-10-01"),
        "hours": gettext_lazy("such as 09:00-12:00 14:00-18:00; nothing means closed"),
    }
    example = {
        "store": "my-store",
        "date": "2026-10-01",
        "hours": "09:00-12:00 14:00-18:00",
        "note": "国庆节",
    }

    def take(self, cells: dict[str, str]) -> Taken:
        store, day = self.store_of(cells["store"]), day_of(cells["date"], "date")
        hours = hours_of(cells["hours"]) if "hours" in cells else None
        note = cells.get("note")
        if note and len(note) > 100:
            raise Invalid(errors={"note": [_("At most 100 characters.")]})
        name = f"{store} · {day.isoformat()}"
        special = SpecialDay.objects.filter(store=store, date=day).first()
        if special is None:
            made = add_special_day(
                store, day=day, hours=hours or (), note=note or "", by=self.by, at=self.at
            )
            return Taken("new", name, self._lines("", "", made))
        before = (hours_in_words(special) or _("closed"), special.note)
        changed = change_special_day(special, hours=hours, note=note, by=self.by, at=self.at)
        lines = self._lines(*before, changed)
        return Taken("changed" if lines else "same", name, lines)

    def _lines(self, hours: str, note: str, after: SpecialDay) -> list[Line]:
        now = hours_in_words(after) or _("closed")
        return [
            *told(self.columns["hours"], hours, now),
            *told(self.columns["note"], note, after.note),
        ]


def hours_of(cell: str) -> list[Interval]:
    """Raises Invalid for ``hours``."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text or text.casefold() in CLOSED:
        return []
    found = STRETCH.findall(text)
    if not found or STRETCH.sub("", text).strip(" ,;、"):
        sentence = _("Write hours such as 09:00-12:00 14:00-18:00, not “%(cell)s”.")
        raise Invalid(errors={"hours": [sentence % {"cell": cell[:40]}]})
    return [Interval(clock_of(one, "hours"), clock_of(other, "hours")) for one, other in found]


class CategoryIntake(Intake):
    """For operators."""

    columns = labels(CategorySheet, "slug", "name", "name_en", "position")
    required = ("slug", "name")
    hints: ClassVar[dict[str, Any]] = {"slug": gettext_lazy("Latin letters, digits and hyphens")}
    example = {"slug": "singing", "name": "声乐", "name_en": "Singing", "position": "10"}

    def take(self, cells: dict[str, str]) -> Taken:
        if not cells.get("position"):
            cells.pop("position", None)
        found = Category.objects.filter(slug=cells["slug"]).first()
        row = found or Category()
        changed, lines = fill(row, cells, self.columns, intake=self)
        if changed:
            keep(row, by=self.by, at=self.at)
        return Taken(_kind(found, changed), row.name, lines)


class StoreIntake(Intake):
    """For operators. A new store has no opening hours yet: nobody can book before it has."""

    columns = labels(
        StoreSheet,
        "slug",
        "name",
        "city",
        "address",
        "phone",
        "description",
        "latitude",
        "longitude",
        "time_zone",
        "is_active",
    )
    left_alone = labels(StoreSheet, "rating", "review_count")
    required = ("slug", "name")
    hints: ClassVar[dict[str, Any]] = {
        "slug": gettext_lazy("by which the store is found; Latin letters, digits and hyphens"),
        "time_zone": gettext_lazy("such as Asia/Shanghai"),
        "is_active": gettext_lazy("yes or no"),
    }
    example = {
        "slug": "my-store",
        "name": "我的门店",
        "city": "杭州",
        "address": "湖滨路 28 号",
        "phone": "0571-87062801",
        "time_zone": "Asia/Shanghai",
        "is_active": "yes",
    }

    def take(self, cells: dict[str, str]) -> Taken:
        if not cells.get("time_zone"):
            cells.pop("time_zone", None)
        found = Store.objects.filter(slug=cells["slug"]).first()
        row = found or Store()
        before = (row.is_active, row.time_zone)
        needed = () if found else ("city", "address", "phone")
        missing = [key for key in needed if not cells.get(key)]
        if missing:
            text = _("A new store needs “%(name)s”.")
            raise Invalid(errors={"": [text % {"name": self.label(key)} for key in missing]})
        changed, lines = fill(row, cells, self.columns, intake=self)
        closes = found and before[0] and not row.is_active
        # A file cannot tick the box by which the form closes a store in full knowledge.
        if closes and (sentences := left_behind(row, at=self.at)):
            raise Invalid(errors={"is_active": sentences})
        if changed:
            keep(row, by=self.by, at=self.at)
            if found and before != (row.is_active, row.time_zone):
                publish(StoreHoursChanged(store_id=row.pk, at=self.at))
        return Taken(_kind(found, changed), row.name, lines)


def _kind(found: Any, changed: bool) -> str:
    if found is None:
        return "new"
    return "changed" if changed else "same"
