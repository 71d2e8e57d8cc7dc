"""What a store may have of the API: the one place of these figures."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class PlanType(TextChoices):
    FREE = "free", pgettext_lazy("plan", "free")
    STANDARD = "standard", pgettext_lazy("plan", "standard")
    PROFESSIONAL = "professional", pgettext_lazy("plan", "professional")


@dataclass(frozen=True)
class Plan:
    """``keys``: how many may be valid at once. ``requests``: of each, in RATE_LIMIT_WINDOW_MS (a
    quarter of an hour, unless somebody has set it)."""

    keys: int
    requests: int


PLANS = {
    PlanType.FREE: Plan(keys=1, requests=300),
    PlanType.STANDARD: Plan(keys=5, requests=3_000),
    PlanType.PROFESSIONAL: Plan(keys=20, requests=30_000),
}
