from django import forms
from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from booking_site.common.admin import ALL_STORES, BaseAdmin, RelatedFilter
from booking_site.common.backoffice.recent import requires_recent_sign_in
from stores.models import Category, StoreMembership

from .intakes import CategoryIntake
from .roles import roles
from .sheets import CategorySheet


class MembershipForm(forms.ModelForm):
    def clean_user(self) -> object:
        """Without the right to enter, a manager would stand before a closed door."""
        user = self.cleaned_data["user"]
        if not user.is_staff:
            message = _("This account may not enter the back office. Make it staff first.")
            raise forms.ValidationError(message)
        return user


@admin.register(StoreMembership)
@method_decorator(requires_recent_sign_in, name="changeform_view")
@method_decorator(requires_recent_sign_in, name="delete_view")
@method_decorator(requires_recent_sign_in, name="response_action")
class StoreMembershipAdmin(BaseAdmin):
    """Who manages what; operators only."""

    form = MembershipForm
    custom_urls = (("roles/", "stores_storemembership_roles", roles),)
    list_display = ("user", "store")
    list_select_related = ("user", "store")
    list_filter = (("store", RelatedFilter),)
    search_fields = ("user__display_name", "user__email", "store__name")
    autocomplete_fields = ("store", "user")


class CategoryForm(forms.ModelForm):
    class Meta:
        help_texts = CategoryIntake.hints


@admin.register(Category)
class CategoryAdmin(BaseAdmin):
    form = CategoryForm
    store_lookup = ALL_STORES
    sheet = CategorySheet
    intake = CategoryIntake
    list_display = ("name", "name_en", "slug", "position")
    # Those that customers would read in Chinese only.
    list_filter = (("name_en", EmptyFieldListFilter),)
    search_fields = ("name", "name_en", "slug")
    ordering = ("position", "id")
