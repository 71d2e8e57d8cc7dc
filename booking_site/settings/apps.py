"""What is installed, in the order of the house: upper apps first to be found, lower ones last."""

LOCAL_APPS = [
    "booking_site.site",
    "notifications",
    "payments",
    "chat",
    "reviews",
    "appointments",
    "realtors",
    "stores",
    "accounts",
    "booking_site.common",
]

INSTALLED_APPS = [
    *LOCAL_APPS,
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "phonenumber_field",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "booking_site.common.middleware.Compressed",
    "booking_site.common.middleware.Unindented",
    "booking_site.common.middleware.Measured",
    "booking_site.common.middleware.OneTrailingSlash",
    "booking_site.common.middleware.NothingKept",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "notifications.middleware.SocketsFollowSessions",
    "notifications.middleware.PositionFirst",
    "allauth.account.middleware.AccountMiddleware",
    "booking_site.common.backoffice.gate.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "booking_site.urls"
ASGI_APPLICATION = "booking_site.asgi.application"
WSGI_APPLICATION = "booking_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
