"""The back office: its theme, and a content policy of its own. Its pages stand in each app's
``admin``, its navigation and first page in booking_site.site.backoffice."""

from django.templatetags.static import static

from .apps import INSTALLED_APPS
from .business import BRAND_NAME
from .web import CONTENT_SECURITY_POLICY

_INSTEAD = {
    # The theme would put its plain site in the place of ours.
    "unfold": ["unfold.apps.BasicAppConfig", "unfold.contrib.filters"],
    "django.contrib.admin": ["booking_site.common.backoffice.apps.BackOfficeConfig"],
}
INSTALLED_APPS = [part for app in INSTALLED_APPS for part in _INSTEAD.get(app, [app])]

# Nothing is left out: booking_site.common.backoffice loosens what the theme needs, there only.
CONTENT_SECURITY_POLICY = {**CONTENT_SECURITY_POLICY, "EXCLUDE_URL_PREFIXES": []}

# The accent of static/css/tokens.css (--accent #0f6a52) as the theme's scale.
_PINE = {
    "50": "#edf6f1",
    "100": "#dcefe6",
    "200": "#bfdfd0",
    "300": "#9fcdb9",
    "400": "#5fa98d",
    "500": "#2c8468",
    "600": "#0f6a52",
    "700": "#0c5f49",
    "800": "#0b5642",
    "900": "#084434",
    "950": "#042a20",
}
UNFOLD = {
    "SITE_TITLE": BRAND_NAME,
    "SITE_HEADER": BRAND_NAME,
    "SITE_SYMBOL": "event_available",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/favicon.svg"),
        }
    ],
    "STYLES": [lambda request: static("css/office.css")],
    "SCRIPTS": [lambda request: static("js/office.js")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": _PINE},
    "BORDER_RADIUS": "8px",
    "DASHBOARD_CALLBACK": "booking_site.site.dashboard.summary",
    "TABS": "booking_site.site.backoffice.tabs",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "booking_site.site.backoffice.navigation",
    },
}
