from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.plans import PLANS, PlanType

from .store import Store


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def valid(self, at: datetime) -> "ApiKeyQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None)


class ApiKey(models.Model):
    """By which another system acts for a store. What it does, it does as ``account``: a machine,
    which is staff of this store and nothing else. The key itself is told once and kept nowhere."""

    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("store")
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_key",
        editable=False,
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=40)
    # How the key begins: shown, so that people can tell which one it is.
    prefix = models.CharField(_("begins with"), max_length=20, unique=True, editable=False)
    # SHA-256 of the whole key. It holds 256 random bits: nobody can try them, however fast the
    # digest; a slow one, which passwords need, would only make every request slow.
    digest = models.CharField(max_length=64, editable=False)
    # Of stores.scopes.SCOPES.
    scopes = models.JSONField(_("may"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    # To the minute, about.
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("revoked by"),
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def is_valid(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    @property
    def most_requests(self) -> int:
        """In one window of the limits; booking_site.common.api.throttling asks for it."""
        return PLANS[PlanType(self.store.plan)].requests
