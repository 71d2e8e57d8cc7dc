from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept


class Category(models.Model):
    """What people offer and are good at: a listing's category, a realtor's skill."""

    EVERYTHING_ELSE = "other"

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=50)
    name_en = models.CharField(_("English name"), max_length=50, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    history = Kept(_("history of categories"))

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """In the language of whoever reads it."""
        chinese = (get_language() or "zh").startswith("zh")
        return self.name if chinese else self.name_en or self.name
