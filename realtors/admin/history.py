"""Who changed what in realtors, their hours, their time off and what they offer, and when."""

from datetime import tzinfo
from typing import Any, ClassVar

from booking_site.common.admin.history.lists import VersionsAdmin, keep_list
from booking_site.common.admin.history.words import facts_of
from realtors.models import Listing, Realtor, TimeOff, WorkingInterval

WHO = ("history_user__display_name", "history_user__email")


class RealtorVersionsAdmin(VersionsAdmin):
    store_lookup = "store"
    search_fields = ("name", "phone", "email", *WHO)

    def subject(self, version: Any) -> str:
        return version.name


class OfRealtorAdmin(VersionsAdmin):
    """Rows of a realtor, named after them; times by the clock of the store."""

    store_lookup = "realtor__store"
    history_related = ("realtor__store",)
    search_fields: ClassVar[tuple[str, ...]] = ("realtor__name", *WHO)

    def subject(self, version: Any) -> str:
        realtor = version.realtor
        return f"{realtor.name} · {self.part(version, realtor.store.zone)}"


class WorkingIntervalVersionsAdmin(OfRealtorAdmin):
    def part(self, version: Any, zone: tzinfo) -> str:
        return f"{version.get_kind_display()} · {version.history_object}"


class TimeOffVersionsAdmin(OfRealtorAdmin):
    search_fields = ("reason", *OfRealtorAdmin.search_fields)

    def part(self, version: Any, zone: tzinfo) -> str:
        return facts_of(version, zone=zone)


class ListingVersionsAdmin(VersionsAdmin):
    """Why staff took one down or put it back stands in the version."""

    store_lookup = "store"
    search_fields = ("title", "hidden_reason", *WHO)

    def subject(self, version: Any) -> str:
        return version.title


keep_list(Listing, ListingVersionsAdmin)
keep_list(Realtor, RealtorVersionsAdmin)
keep_list(WorkingInterval, WorkingIntervalVersionsAdmin)
keep_list(TimeOff, TimeOffVersionsAdmin)
