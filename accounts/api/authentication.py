"""Who calls: a bearer token of an app, or the session of a page."""

from django.utils.translation import gettext as _
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.errors import TokenRefused
from accounts.gateways.tokens import Claims, read_access
from accounts.models import User
from accounts.selectors import bearer_of


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access>``. One query: is the user active, the sign-in not ended,
    the password still the same? So a change counts from the next request on."""

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, Claims] | None:
        scheme, _blank, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        try:
            claims = read_access(token.strip().decode("ascii"))
        except (TokenRefused, UnicodeDecodeError) as error:
            raise _refused() from error
        user = bearer_of(claims)
        if user is None:
            raise _refused()
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return self.scheme


def _refused() -> AuthenticationFailed:
    return AuthenticationFailed(_("The access token is wrong or no longer valid."))


class PageSessionAuthentication(SessionAuthentication):
    """The session cookie of the site's own pages, with CSRF protection (403 without)."""
