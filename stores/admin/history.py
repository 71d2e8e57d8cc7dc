"""Who changed what in stores, and when."""

from datetime import tzinfo
from typing import Any, ClassVar

from booking_site.common.admin.history.lists import VersionsAdmin, keep_list
from booking_site.common.admin.scope import Lookup
from stores.models import (
    BookingPolicy,
    Category,
    OpeningInterval,
    SpecialDay,
    SpecialInterval,
    Store,
    StoreMembership,
)

WHO = ("history_user__display_name", "history_user__email")


class StoreVersionsAdmin(VersionsAdmin):
    store_lookup = "id"
    search_fields = ("name", "slug", "city", *WHO)

    def subject(self, version: Any) -> str:
        return version.name


class CategoryVersionsAdmin(VersionsAdmin):
    search_fields = ("name", "name_en", "slug", *WHO)


class OfStoreAdmin(VersionsAdmin):
    """Rows of a store, named after it."""

    store_lookup: ClassVar[Lookup] = "store"
    history_related: ClassVar[tuple[str, ...]] = ("store",)
    search_fields: ClassVar[tuple[str, ...]] = ("store__name", *WHO)

    def subject(self, version: Any) -> str:
        return f"{_name(version)} · {self.own_words(version)}"

    def part(self, version: Any, zone: tzinfo) -> str:
        return self.own_words(version)

    def own_words(self, version: Any) -> str:
        return str(version.history_object)


class SpecialDayVersionsAdmin(OfStoreAdmin):
    search_fields = ("note", *OfStoreAdmin.search_fields)


class PolicyVersionsAdmin(OfStoreAdmin):
    def subject(self, version: Any) -> str:
        return _name(version)

    def own_words(self, version: Any) -> str:
        return ""


class SpecialIntervalVersionsAdmin(VersionsAdmin):
    """Of a day that was removed only operators still see the hours."""

    store_lookup = "special_day__store"
    history_related = ("special_day__store",)
    search_fields = ("special_day__note", "special_day__store__name", *WHO)

    def subject(self, version: Any) -> str:
        day = version.special_day
        whose = f"{day.store} · {day.date}" if day else f"{version.special_day_id}"
        return f"{whose} · {version.history_object}"

    def part(self, version: Any, zone: tzinfo) -> str:
        return f"{version.special_day.date} · {version.history_object}"


class MembershipVersionsAdmin(OfStoreAdmin):
    """For operators, as the managers themselves are."""

    store_lookup = None
    personal_columns = ("what", "changed_in_words")
    history_related = ("store", "user")
    search_fields = ("user__display_name", "user__email", *OfStoreAdmin.search_fields)

    def own_words(self, version: Any) -> str:
        return str(version.user or version.user_id)


def _name(version: Any) -> str:
    return str(version.store or BookingPolicy(store_id=version.store_id))


keep_list(Store, StoreVersionsAdmin)
keep_list(Category, CategoryVersionsAdmin)
keep_list(OpeningInterval, OfStoreAdmin)
keep_list(SpecialDay, SpecialDayVersionsAdmin)
keep_list(SpecialInterval, SpecialIntervalVersionsAdmin)
keep_list(BookingPolicy, PolicyVersionsAdmin)
keep_list(StoreMembership, MembershipVersionsAdmin)
