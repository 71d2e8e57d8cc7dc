"""People in the back office."""

from . import history  # noqa: F401
from .dependants import ChildAdmin, PetAdmin
from .tokens import RefreshTokenAdmin
from .users import UserAdmin

__all__ = ["ChildAdmin", "PetAdmin", "RefreshTokenAdmin", "UserAdmin"]
