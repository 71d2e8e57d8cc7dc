"""Everything that changes people, those they book for, and their sign-ins."""

from .avatars import remove_avatar, set_avatar
from .dependants import (
    add_child,
    add_pet,
    change_child,
    change_pet,
    remove_child,
    remove_pet,
)
from .erasure import erase_account
from .passwords import hash_password, set_password
from .profile import change_profile, count_new_names, needs_password
from .registration import count_registration, register
from .sign_in import confirm_password, prove_second_factor, sign_in
from .tokens import forget_expired, issue_tokens, revoke_all, revoke_family, rotate, sign_out

__all__ = [
    "add_child",
    "add_pet",
    "change_child",
    "change_pet",
    "change_profile",
    "confirm_password",
    "count_new_names",
    "count_registration",
    "erase_account",
    "forget_expired",
    "hash_password",
    "issue_tokens",
    "needs_password",
    "prove_second_factor",
    "register",
    "remove_avatar",
    "remove_child",
    "remove_pet",
    "revoke_all",
    "revoke_family",
    "rotate",
    "set_avatar",
    "set_password",
    "sign_in",
    "sign_out",
]
