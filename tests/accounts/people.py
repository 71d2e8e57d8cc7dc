"""The people of these tests. Their password is always the same."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.mail.backends.base import BaseEmailBackend
from rest_framework.test import APIClient

from accounts.models import User

PASSWORD = "correct-horse-7"
TOKEN = "/api/v1/auth/token"
REFRESH = "/api/v1/auth/token/refresh"
LOGOUT = "/api/v1/auth/logout"
REGISTER = "/api/v1/auth/register"
ME = "/api/v1/me"


def make_user(email: str | None = "mei@example.com", **fields: Any) -> User:
    user = User.objects.create_user(email=email, password=PASSWORD, **fields)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def tokens_of(login: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = APIClient().post(TOKEN, {"login": login, "password": password}, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def app_with(access: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def refresh(token: str) -> Any:
    return APIClient().post(REFRESH, {"refresh": token}, format="json")


class BrokenMail(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError
