from django.contrib import admin

from accounts.models import Child, Pet
from booking_site.common.admin import BaseAdmin, DateRangeFilter


@admin.register(Child)
class ChildAdmin(BaseAdmin):
    all_personal = True
    list_display = ("name", "parent", "birth_date")
    list_select_related = ("parent",)
    search_fields = ("name", "parent__display_name", "parent__email", "parent__phone")
    list_filter = (("birth_date", DateRangeFilter),)
    autocomplete_fields = ("parent",)


@admin.register(Pet)
class PetAdmin(BaseAdmin):
    all_personal = True
    list_display = ("name", "species", "breed", "owner", "vaccinated_until")
    list_select_related = ("owner",)
    search_fields = ("name", "species", "owner__display_name", "owner__email", "owner__phone")
    list_filter = ("species", ("vaccinated_until", DateRangeFilter))
    autocomplete_fields = ("owner",)
