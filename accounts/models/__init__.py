"""People: users of every role, those they book for, and the refresh tokens of their apps."""

from .dependants import Child, Pet
from .tokens import RefreshToken
from .user import User, UserType

__all__ = ["Child", "Pet", "RefreshToken", "User", "UserType"]
