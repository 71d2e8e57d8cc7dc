"""Those a customer books for: their children and pets."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .user import User


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(parent=user)


class Child(models.Model):
    parent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="children"
    )
    name = models.CharField(_("name"), max_length=50)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    notes = models.CharField(_("notes"), max_length=500, blank=True)

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("child")
        verbose_name_plural = _("children")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PetQuerySet(models.QuerySet["Pet"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(owner=user)


class Pet(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pets"
    )
    name = models.CharField(_("name"), max_length=50)
    species = models.CharField(_("species"), max_length=30)
    breed = models.CharField(_("breed"), max_length=50, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    weight_kg = models.DecimalField(
        _("weight in kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    vaccinated_until = models.DateField(_("vaccinated until"), null=True, blank=True)
    notes = models.CharField(_("notes"), max_length=500, blank=True)

    objects = PetQuerySet.as_manager()

    class Meta:
        verbose_name = _("pet")
        verbose_name_plural = _("pets")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.species})"
