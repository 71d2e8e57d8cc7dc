from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import User
from accounts.services.identity import replace_email_address
from booking_site.common.admin import BaseAdmin, ChoiceFilter, DateRangeFilter
from booking_site.common.backoffice.recent import requires_recent_sign_in

# Groups and single permissions open nothing here, so nobody is led to give them.
from .sheets import UserSheet

RIGHTS = ("is_staff", "is_superuser")


class RightsForm(UserChangeForm):
    """The last operator cannot be closed or demoted: nobody could undo it here."""

    locale = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget()
    )

    class Meta(UserChangeForm.Meta):
        labels: ClassVar[dict[str, Any]] = {
            "latitude": _("Latitude"),
            "longitude": _("Longitude"),
        }

    def clean(self) -> Any:
        told = super().clean()
        person = self.instance
        if not {"is_superuser", "is_active"} & set(self.fields):
            return told
        stays = self.cleaned_data.get("is_superuser") and self.cleaned_data.get("is_active")
        if stays or not User.objects.filter(pk=person.pk, is_superuser=True).exists():
            return told
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
        if not others.exists():
            message = _("There would be no operator left. Make somebody else one first.")
            self.add_error("is_superuser", message)
        return told


@admin.register(User)
@method_decorator(requires_recent_sign_in, name="changeform_view")
@method_decorator(requires_recent_sign_in, name="user_change_password")
class UserAdmin(DjangoUserAdmin, BaseAdmin):
    """For operators; nobody else can raise rights, their own or another's.

    Accounts are closed (not active), or erased by their owners: the books need the row.
    """

    operators_may = frozenset({"add", "change"})
    sheet = UserSheet
    form = RightsForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("display_name", "email", "phone", "user_type", "is_active", "is_staff")
    list_filter = (
        ("user_type", ChoiceFilter),
        "is_active",
        "is_staff",
        "is_superuser",
        ("date_joined", DateRangeFilter),
    )
    search_fields = ("display_name", "email", "phone")
    ordering = ("-date_joined", "-pk")
    readonly_fields = ("last_login", "date_joined", "updated_at", "phone_verified")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "phone", "phone_verified", "password")}),
        (
            _("Profile"),
            {"fields": ("display_name", "user_type", "locale", "latitude", "longitude")},
        ),
        (_("Rights"), {"fields": ("is_active", *RIGHTS)}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "updated_at")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("email", "phone", "display_name", "user_type", "password1", "password2")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People: machines have no password to set, and their rights are those of their key."""
        return super().get_queryset(request).filter(is_machine=False)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A second lock, should managers ever be let in here."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *RIGHTS)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if "phone" in form.changed_data:
            # Another number is nobody's until it has been proven.
            obj.phone_verified = False
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            replace_email_address(obj)
