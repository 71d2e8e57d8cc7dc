from django.db import models
from django.utils.translation import gettext_lazy as _

from .announcement import Announcement
from .device import Device
from .leased import Leased
from .notification import Type


class Push(Leased):
    """A push that no piece of news of the outbox has caused, on its way to one device. It carries
    its own words, and is of no use after a while."""

    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, related_name="pushes", verbose_name=_("device")
    )
    type = models.PositiveSmallIntegerField(choices=Type)
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="pushes",
        verbose_name=_("announcement"),
    )
    title = models.CharField(_("title"), max_length=200)
    content = models.CharField(_("text"), max_length=1000, blank=True)
    link = models.CharField(_("link"), max_length=200, blank=True)
    useful_until = models.DateTimeField(_("of use until"))

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "next_try_at"], name="push_by_next_try")]

    def __str__(self) -> str:
        return self.title
