"""What customers said, their pictures, what was answered, and what others held against it."""

from .aspect import Aspect, ReviewAspect
from .log import ReviewAction, ReviewLogEntry
from .photo import ReviewPhoto, ReviewPhotoQuerySet
from .report import ReportReason, ReportState, ReviewReport, ReviewReportQuerySet
from .review import Review, ReviewQuerySet

__all__ = [
    "Aspect",
    "ReportReason",
    "ReportState",
    "Review",
    "ReviewAction",
    "ReviewAspect",
    "ReviewLogEntry",
    "ReviewPhoto",
    "ReviewPhotoQuerySet",
    "ReviewQuerySet",
    "ReviewReport",
    "ReviewReportQuerySet",
]
