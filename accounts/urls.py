"""Pages of an account. The names are allauth's, which reverses them."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from .views.family import DependantView, FamilyView, RemoveDependantView
from .views.profile import AvatarView, LeaveView, ProfileView, RemoveAvatarView, SecurityView
from .views.sign_in import ConfirmEmailView, EmailView, LoginView, SignupView

sign_in = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("signup/", SignupView.as_view(), name="account_signup"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
]

addresses = [
    path("email/", EmailView.as_view(), name="account_email"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        ConfirmEmailView.as_view(),
        name="account_confirm_email",
    ),
]

passwords = [
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

profile = [
    path("profile/", ProfileView.as_view(), name="account_profile"),
    path("profile/picture/", AvatarView.as_view(), name="account_avatar"),
    path("profile/picture/remove/", RemoveAvatarView.as_view(), name="account_remove_avatar"),
    path("security/", SecurityView.as_view(), name="account_security"),
    path("profile/leave/", LeaveView.as_view(), name="account_leave"),
]

family = [
    path("family/", FamilyView.as_view(), name="account_family"),
    path("family/<slug:kind>/new/", DependantView.as_view(), name="account_add_dependant"),
    path(
        "family/<slug:kind>/<str:dependant_id>/", DependantView.as_view(), name="account_dependant"
    ),
    path(
        "family/<slug:kind>/<str:dependant_id>/remove/",
        RemoveDependantView.as_view(),
        name="account_remove_dependant",
    ),
]

urlpatterns = [
    *sign_in,
    *addresses,
    *passwords,
    *profile,
    *family,
    # Staff's second factor; allauth.mfa sends people there after the password.
    path("2fa/", include("allauth.mfa.urls")),
]
