from datetime import datetime

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# A path of this site; two slashes would begin another host's name.
PATH = RegexValidator(r"^/(?![/\\])[^\s\\]*\Z", _("Must be a path of this site: /stores/1/"))


class Audience(models.TextChoices):
    ALL = "all", _("everybody")
    CUSTOMERS = "customers", _("customers")
    PROVIDERS = "providers", _("providers")
    STAFF = "staff", _("staff of stores")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def due(self, at: datetime) -> "AnnouncementQuerySet":
        """Published, its time has come, and somebody may not have it yet."""
        return self.filter(published_at__isnull=False, publish_at__lte=at, sent_at=None)


class Announcement(models.Model):
    """What operators tell many people at once. A draft until it is published, then on its way from
    user to user, and sent when it has come past the last."""

    title = models.CharField(_("title"), max_length=100)
    content = models.TextField(_("text"), max_length=1000, blank=True)
    title_en = models.CharField(
        _("title in English"),
        max_length=100,
        blank=True,
        help_text=_("Empty: who reads English gets the other one."),
    )
    content_en = models.TextField(_("text in English"), max_length=1000, blank=True)
    link = models.CharField(
        _("link"),
        max_length=200,
        blank=True,
        validators=[PATH],
        help_text=_("Where it leads, if anywhere: a path of this site."),
    )
    audience = models.CharField(_("to whom"), max_length=10, choices=Audience, default=Audience.ALL)
    publish_at = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        help_text=_("Empty: as soon as it is published."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    # Whoever has a higher id is still to be told.
    last_user_id = models.PositiveBigIntegerField(default=0, editable=False)
    told = models.PositiveIntegerField(_("people told"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-id"]
        indexes = [models.Index(fields=["sent_at", "publish_at"], name="announcement_due")]

    def __str__(self) -> str:
        return self.title

    def words(self, locale: str) -> tuple[str, str]:
        """Title and text for who reads this language."""
        if locale.startswith("en") and self.title_en:
            return self.title_en, self.content_en or self.content
        return self.title, self.content
