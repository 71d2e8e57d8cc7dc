"""Rows that belong to no single app: remembered answers, counted attempts, site settings, what
staff search for, import and export, and the backups that were made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .appended import Appended


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
    answer_status = models.PositiveSmallIntegerField(pgettext_lazy("HTTP", "answer"), null=True)
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
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("system setting")
        verbose_name_plural = _("system settings")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


# Filters of a list as they stand in its address.
LONGEST_QUERY = 1000


class Sharing(models.TextChoices):
    """Who else sees a saved search. ``TEAM``: whoever manages a store together with its owner."""

    NOBODY = "nobody", _("only me")
    TEAM = "team", _("those who manage my stores")
    EVERYBODY = "everybody", _("all staff")


class SavedSearch(models.Model):
    """The filters of one list under a name. Only what follows the question mark is kept."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
        verbose_name=_("owner"),
    )
    listed = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=LONGEST_QUERY)
    sharing = models.CharField(
        _("shared with"), max_length=10, choices=Sharing, default=Sharing.NOBODY
    )

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "listed", "name"], name="one_saved_search_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Transfer(Appended):
    """An import or export: who took or brought what, and how much. Only ever added to."""

    class Direction(models.TextChoices):
        EXPORT = "export", _("export")
        IMPORT = "import", _("import")

    direction = models.CharField(_("what"), max_length=6, choices=Direction)
    listed = models.CharField(_("list"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), db_index=True)
    format = models.CharField(_("format"), max_length=10)
    rows = models.PositiveIntegerField(_("rows"))
    # Whether it held names, numbers and addresses of people.
    personal = models.BooleanField(_("with personal data"), default=False)

    class Meta:
        verbose_name = _("import or export")
        verbose_name_plural = _("imports and exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.listed}"


class WaitingImport(models.Model):
    """A file that somebody has had checked and has yet to confirm: theirs alone, good for once and
    for an hour. In the database, because the next request may meet another process."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("owner"),
    )
    listed = models.CharField(_("list"), max_length=80)
    file_name = models.CharField(_("file"), max_length=100)
    content = models.BinaryField()
    created_at = models.DateTimeField(_("created"), db_index=True)

    class Meta:
        verbose_name = _("import to be confirmed")
        verbose_name_plural = _("imports to be confirmed")

    def __str__(self) -> str:
        return self.file_name


class BackupRunQuerySet(models.QuerySet["BackupRun"]):
    def failed_since_good(self) -> "BackupRunQuerySet":
        """Failed tries that no good one has followed. None: the last try was good, or there was
        none yet."""
        good = BackupRun.objects.filter(outcome=BackupRun.Outcome.GOOD, pk__gt=OuterRef("pk"))
        return self.filter(~Exists(good), outcome=BackupRun.Outcome.FAILED)


class BackupRun(Appended):
    """One try to make a backup and how it ended. Only ever added to, once it is over: a backup
    never holds a word about itself."""

    class Outcome(models.TextChoices):
        GOOD = "good", _("complete and checked")
        FAILED = "failed", _("failed")

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    outcome = models.CharField(_("how it ended"), max_length=10, choices=Outcome)
    # The folder it lies in.
    name = models.CharField(_("name"), max_length=40, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    tables = models.PositiveIntegerField(_("tables"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    files = models.PositiveIntegerField(_("files"), default=0)
    # That rows speak of and that were not there.
    missing_files = models.PositiveIntegerField(_("files that were not there"), default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-id"]
        indexes = [models.Index(fields=["outcome", "finished_at"], name="backup_by_outcome")]

    def __str__(self) -> str:
        return self.name or self.get_outcome_display()
