"""Pages of an account. The names are allauth's, which reverses them."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from booking_site.common.backoffice.recent import requires_second_factor

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

# Staff's second factor; allauth.mfa sends people there after the password. Its own addresses, named
# one by one so that none that shows, replaces or removes a factor goes unguarded.
second_factor = [
    path("", mfa.index, name="mfa_index"),
    path("authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", requires_second_factor(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "totp/deactivate/", requires_second_factor(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path(
        "recovery-codes/",
        requires_second_factor(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/generate/",
        requires_second_factor(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        requires_second_factor(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    *sign_in,
    *addresses,
    *passwords,
    *profile,
    *family,
    path("2fa/", include(second_factor)),
]
