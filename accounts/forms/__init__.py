"""What people type on the pages of their account."""

from .dependants import ChildForm, PetForm
from .profile import AvatarForm, LeaveForm, ProfileForm
from .sign_in import AddEmailForm, LoginForm, SignupForm

__all__ = [
    "AddEmailForm",
    "AvatarForm",
    "ChildForm",
    "LeaveForm",
    "LoginForm",
    "PetForm",
    "ProfileForm",
    "SignupForm",
]
