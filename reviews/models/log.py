from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.common.appended import Appended

from .review import Review


class ReviewAction(models.TextChoices):
    WRITTEN = "written", _("written")
    REPLIED = "replied", _("replied")
    REPLY_CHANGED = "reply_changed", _("reply changed")
    REPORTED = "reported", _("reported")
    HIDDEN = "hidden", _("hidden")
    RESTORED = "restored", _("shown again")
    DISMISSED = "dismissed", _("reports dismissed")
    FORGOTTEN = "forgotten", _("author has left; words and photos deleted")


class ReviewLogEntry(Appended):
    """Who did what to which review, why and when. Only ever added to."""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="log", verbose_name=_("review")
    )
    action = models.CharField(_("what"), max_length=20, choices=ReviewAction)
    actor_kind = models.CharField(_("who"), max_length=10)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("log entry of a review")
        verbose_name_plural = _("log of reviews")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_action_display()}"
