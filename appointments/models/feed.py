import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from realtors.models import Realtor


def digest_of(token: str) -> str:
    """What is kept of a feed's secret. It is drawn at random and long, so a plain hash is enough:
    there is nothing to guess with a list of words."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """The address at which a realtor's own calendar application reads their appointments. Whoever
    has it reads them, so only its digest is kept and it can be replaced at any time."""

    realtor = models.OneToOneField(
        Realtor, on_delete=models.CASCADE, related_name="calendar_feed", verbose_name=_("realtor")
    )
    # Whoever made it: given to another account, a realtor's work is no longer this one's to read.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    created_at = models.DateTimeField(_("created"))
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.realtor)
