"""The user behind an API request."""

from rest_framework.request import Request

from accounts.models import User


def user_of(request: Request) -> User:
    """The signed-in user, for views that nobody else reaches."""
    assert isinstance(request.user, User)
    return request.user
