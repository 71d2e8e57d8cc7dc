"""Who people are: session cookies on pages, bearer tokens for apps."""

from datetime import timedelta

from django.urls import reverse_lazy

from .env import DEMO, JWT_SIGNING_KEY, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PasswordBackend",
    "accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("appointments:mine")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email", "phone", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# Whoever holds an e-mail address can reset the password, so a borrowed session must not be enough
# to add one; and the owner hears of every such change.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# accounts.services.attempts counts sign-ins, on pages and in the API together.
ACCOUNT_RATE_LIMITS = {"login": None, "signup": None if DEMO else "20/m/ip"}
# Neither address is required by itself: the form asks for one of the two.
SILENCED_SYSTEM_CHECKS = ["account.W001"]

STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", not DEMO)
# Of the back office; 0 asks nobody.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", 0 if DEMO else 30)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", 0 if DEMO else 12)
STAFF_RECENT_MINUTES = env.int("STAFF_RECENT_MINUTES", 0 if DEMO else 10)

SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "AUDIENCE": "yuejian-api",
    "ISSUER": "yuejian",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("ACCESS_TOKEN_MINUTES", 5)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.int("REFRESH_TOKEN_DAYS", 14)),
    "USER_ID_CLAIM": "sub",
}
