"""Reviews: what customers say once they have been served."""

from .review import Review, ReviewQuerySet

__all__ = ["Review", "ReviewQuerySet"]
