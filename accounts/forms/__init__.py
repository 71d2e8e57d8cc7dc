"""What people type on the pages of their account."""

from .profile import AvatarForm, LeaveForm, ProfileForm
from .sign_in import AddEmailForm, LoginForm, SignupForm

__all__ = ["AddEmailForm", "AvatarForm", "LeaveForm", "LoginForm", "ProfileForm", "SignupForm"]
