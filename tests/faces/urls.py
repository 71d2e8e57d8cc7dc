"""The site's own doors with the styleguide, which production has not, and a page with every sin."""

from django.urls import include, path

from booking_site.site.views import styleguide
from booking_site.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler500,
)
from booking_site.urls import (
    urlpatterns as ours,
)

from .sins import sinner

site = ([path("styleguide/", styleguide.styleguide, name="styleguide")], "site")
urlpatterns = [path("sins/", sinner, name="sins"), *ours, path("", include(site, "guide"))]
