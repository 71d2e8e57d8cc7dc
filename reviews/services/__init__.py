"""Everything that changes a review: writing it, and forgetting who wrote it."""

from .leaving import forget
from .writing import write_review

__all__ = ["forget", "write_review"]
