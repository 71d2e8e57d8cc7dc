"""Who changed what in accounts, and when. No secret is among it."""

from typing import Any

from accounts.models import User
from booking_site.common.admin.history.lists import VersionsAdmin, keep_list


class UserVersionsAdmin(VersionsAdmin):
    all_personal = True
    search_fields = (
        "display_name",
        "email",
        "phone",
        "history_user__display_name",
        "history_user__email",
    )

    def subject(self, version: Any) -> str:
        return version.display_name or version.email or str(version.phone or version.id)


keep_list(User, UserVersionsAdmin)
