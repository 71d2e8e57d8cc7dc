from django.db import models
from django.utils.translation import gettext_lazy as _

from booking_site.common.files import private_storage

from .listing import Listing


class ListingPicture(models.Model):
    """A picture of a listing, decoded and encoded anew before it came here. The first one is the
    cover. Whoever may see the listing may see it."""

    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("listing")
    )
    # Says nothing, and cannot be guessed: addresses and the API know a picture by this.
    key = models.CharField(max_length=32, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    caption = models.CharField(_("what it shows"), max_length=100, blank=True)
    picture = models.FileField(_("large picture"), upload_to="listings", storage=private_storage)
    small = models.FileField(_("small picture"), upload_to="listings", storage=private_storage)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("picture of a listing")
        verbose_name_plural = _("pictures of listings")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"
