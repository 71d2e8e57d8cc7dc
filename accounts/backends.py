"""Who is signed in: Django's and allauth's own backends, which load with the person what every page
says of them, in the same query."""

from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.db.models import Expression

from accounts.models import User

Figures = dict[str, Expression]
_figures: list[Callable[[], Figures]] = []


def loaded_with_user(figures: Callable[[], Figures]) -> Callable[[], Figures]:
    """For an app above: these expressions are attributes of ``request.user``."""
    if figures not in _figures:
        _figures.append(figures)
    return figures


class LoadsFigures:
    def get_user(self, user_id: Any) -> User | None:
        expressions = {name: one for figures in _figures for name, one in figures().items()}
        user = User.objects.annotate(**expressions).filter(pk=user_id).first()
        can_sign_in = user is not None and self.user_can_authenticate(user)  # type: ignore[attr-defined]
        return user if can_sign_in else None


class PasswordBackend(LoadsFigures, ModelBackend):
    pass


class AccountBackend(LoadsFigures, AuthenticationBackend):
    pass
