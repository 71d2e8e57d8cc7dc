"""Rows that belong to no single app: remembered answers, counted attempts, site settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """The first answer to a request that carried an ``Idempotency-Key``.

    Written in the transaction of the request itself, so that a killed process leaves both the
    booking and its answer, or neither. The body holds personal data and is encrypted.
    """

    scope = models.CharField(
        _("caller"), max_length=40, help_text=_("user:<id>, or guest for all guests")
    )
    key = models.CharField(_("key"), max_length=255)
    route = models.CharField(_("call"), max_length=200)
    body_digest = models.CharField(_("digest of the body"), max_length=64)
    answer_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer_body = models.BinaryField(null=True)
    created_at = models.DateTimeField(_("created"), db_index=True)

    class Meta:
        verbose_name = _("remembered answer")
        verbose_name_plural = _("remembered answers")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.route}"


class AttemptCounter(models.Model):
    """How often something was tried in one window: failed proofs, failed sign-ins."""

    name = models.CharField(_("name"), max_length=120)
    window_started_at = models.DateTimeField(_("window"))
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("attempt counter")
        verbose_name_plural = _("attempt counters")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "window_started_at"], name="one_counter_per_window"
            )
        ]
        indexes = [models.Index(fields=["window_started_at"], name="attempt_counter_age")]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class SystemConfig(models.Model):
    """A site-wide business setting that staff edit in the back office."""

    key = models.SlugField(_("key"), unique=True)
    value = models.JSONField(_("value"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("system setting")
        verbose_name_plural = _("system settings")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
