"""The site's own doors with those that production has not, and a page with every sin."""

from django.urls import include, path

from booking_site.site.views import styleguide, tryout
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

demo = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("web/index.html", tryout.tryout, name="tryout"),
]
site = (demo, "site")
urlpatterns = [path("sins/", sinner, name="sins"), *ours, path("", include(site, "guide"))]
