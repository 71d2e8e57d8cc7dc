from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from accounts.models import Child, Pet
from booking_site.common.admin import BaseAdmin, DateRangeFilter


class ChildForm(forms.ModelForm):
    class Meta:
        labels: ClassVar[dict[str, Any]] = {"parent": capfirst(_("parent"))}


class PetForm(forms.ModelForm):
    class Meta:
        labels: ClassVar[dict[str, Any]] = {"owner": capfirst(pgettext_lazy("of a pet", "owner"))}


@admin.register(Child)
class ChildAdmin(BaseAdmin):
    form = ChildForm
    all_personal = True
    list_display = ("name", "whose", "birth_date")
    list_select_related = ("parent",)
    search_fields = ("name", "parent__display_name", "parent__email", "parent__phone")
    list_filter = (("birth_date", DateRangeFilter),)
    autocomplete_fields = ("parent",)

    @display(description=_("parent"), ordering="parent__display_name")
    def whose(self, child: Child) -> str:
        return str(child.parent)


@admin.register(Pet)
class PetAdmin(BaseAdmin):
    form = PetForm
    all_personal = True
    list_display = ("name", "species", "breed", "whose", "vaccinated_until")
    list_select_related = ("owner",)
    search_fields = ("name", "species", "owner__display_name", "owner__email", "owner__phone")
    list_filter = ("species", ("vaccinated_until", DateRangeFilter))
    autocomplete_fields = ("owner",)

    @display(description=pgettext_lazy("of a pet", "owner"), ordering="owner__display_name")
    def whose(self, pet: Pet) -> str:
        return str(pet.owner)
