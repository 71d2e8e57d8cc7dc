"""News of people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class UserRegistered:
    """Somebody new; a provider needs a place of work (realtors.receivers)."""

    user_id: int
    user_type: str


@dataclass(frozen=True)
class UserErased:
    """Everything personal must go. The user row stays, nameless: the books must stay straight."""

    user_id: int
    at: datetime


@dataclass(frozen=True)
class AppSignedOut:
    """One app's sign-in ended; its open sockets must close."""

    user_id: int
    family: UUID
