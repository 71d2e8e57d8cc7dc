"""What a stay in a boarding place and a viewing have beyond an appointment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Pet

from .appointment import Appointment


class StayPet(models.Model):
    """One of the pets of a stay, as it was called when it was booked. It takes a unit of the place
    each night; which one is said by the claims alone."""

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.CASCADE,
        related_name="stay_pets",
        verbose_name=_("appointment"),
    )
    pet = models.ForeignKey(
        Pet,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stays",
        verbose_name=_("pet"),
    )
    name = models.CharField(_("name"), max_length=50)
    species = models.CharField(_("species"), max_length=30)

    class Meta:
        verbose_name = _("pet of a stay")
        verbose_name_plural = _("pets of stays")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "pet"], name="a_pet_once_a_stay"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.species})"


class Verdict(models.TextChoices):
    """What a customer says of a house they have seen."""

    INTERESTED = "interested", _("I am interested")
    UNDECIDED = "undecided", _("I have to think about it")
    NOT_FOR_ME = "not_for_me", _("It is not for me")


class ViewingFeedback(models.Model):
    """What the customer tells their host, and the host's store, after a viewing; nobody else reads
    it. What everybody may read is a review."""

    appointment = models.OneToOneField(
        Appointment,
        on_delete=models.CASCADE,
        related_name="viewing_feedback",
        verbose_name=_("viewing"),
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("said"))
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("feedback on a viewing")
        verbose_name_plural = _("feedback on viewings")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_verdict_display()
