"""Reviews: everybody reads them, customers write theirs, realtors and stores answer."""

from .answering import ReplyView, ReportView
from .photos import PhotosView, PhotoView
from .reviews import ReviewsView, SummaryView

__all__ = ["PhotoView", "PhotosView", "ReplyView", "ReportView", "ReviewsView", "SummaryView"]
