from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reviews.rules import LONGEST_REPORT

from .review import Review


class ReportReason(models.TextChoices):
    SPAM = "spam", _("Advertising or spam")
    ABUSE = "abuse", _("Insults or hatred")
    PRIVATE = "private", _("Gives away something private")
    UNTRUE = "untrue", _("Not about this visit, or made up")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("to decide")
    DISMISSED = "dismissed", _("dismissed")
    UPHELD = "upheld", _("upheld")


class ReviewReportQuerySet(models.QuerySet["ReviewReport"]):
    def open(self) -> "ReviewReportQuerySet":
        return self.filter(state=ReportState.OPEN)


class ReviewReport(models.Model):
    """Somebody holds that a review should not stand there; an operator decides."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="reports", verbose_name=_("review")
    )
    # Null: of somebody who has left.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="review_reports",
        verbose_name=_("reported by"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason)
    words = models.CharField(_("in their words"), max_length=LONGEST_REPORT, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.OPEN
    )
    # True while it is open, else null: so that nobody has two open ones for the same review.
    is_open = models.BooleanField(null=True, default=True, editable=False)
    created_at = models.DateTimeField(_("when"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = ReviewReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a review")
        verbose_name_plural = _("reports of reviews")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reporter", "is_open"], name="one_open_report_each"
            )
        ]
        indexes = [models.Index(fields=["state", "id"], name="reports_by_state")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.get_state_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.is_open = True if self.state == ReportState.OPEN else None
        super().save(*args, **kwargs)
