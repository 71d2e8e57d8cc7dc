"""Chinese first, English complete. Stores have their own time zone; the server thinks in UTC."""

from django.utils.translation import gettext_lazy as _

from .env import BASE_DIR

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "booking_site" / "locale",
    BASE_DIR / "booking_site" / "locale_packages",  # what packages have no Chinese for
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Where Django's own dates are not how people write them.
FORMAT_MODULE_PATH = ["booking_site.formats"]
