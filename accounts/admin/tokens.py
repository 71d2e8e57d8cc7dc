from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import RefreshToken
from accounts.services import revoke_family
from booking_site.common.admin import DateRangeFilter, ReadOnlyAdmin


@admin.register(RefreshToken)
class RefreshTokenAdmin(ReadOnlyAdmin):
    """Who is signed in with which app; to be looked at and ended, never edited."""

    list_display = ("user", "created_at", "expires_at", "used_at", "revoked_at")
    list_select_related = ("user",)
    list_filter = (("created_at", DateRangeFilter), ("revoked_at", DateRangeFilter))
    search_fields = ("user__email", "user__phone", "user__display_name")
    ordering = ("-created_at", "pk")
    actions = ("end_sign_ins",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description=_("End these sign-ins"), permissions=["end"])
    def end_sign_ins(self, request: HttpRequest, chosen: QuerySet[RefreshToken]) -> None:
        for token in chosen:
            revoke_family(token.user_id, token.family, at=timezone.now())
