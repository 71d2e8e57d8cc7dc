"""What has been said, for those who read, answer and moderate it."""

from .export import export_of
from .reading import (
    SORTS,
    Whose,
    console_of,
    draft_photos,
    newest_of,
    open_reports,
    photo_for,
    review_of,
    reviewable,
    reviews_of,
    sorted_by,
)
from .summaries import AspectMean, Summary, read_of, summary_of

__all__ = [
    "SORTS",
    "AspectMean",
    "Summary",
    "Whose",
    "console_of",
    "draft_photos",
    "export_of",
    "newest_of",
    "open_reports",
    "photo_for",
    "read_of",
    "review_of",
    "reviewable",
    "reviews_of",
    "sorted_by",
    "summary_of",
]
