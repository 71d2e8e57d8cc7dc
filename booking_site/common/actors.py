"""Who acts: every service takes ``by``, an Actor, and never looks for a current user itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


class ActorKind(StrEnum):
    USER = "user"
    GUEST = "guest"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A signed-in user, a guest who proved an appointment to be theirs, or the system itself."""

    kind: ActorKind
    user: "User | None" = None
    # A guest's proof opens this one appointment and nothing else.
    proven_appointment_id: int | None = None

    @classmethod
    def of(cls, user: "User") -> "Actor":
        return cls(ActorKind.USER, user=user)

    @classmethod
    def guest(cls, *, proven_appointment_id: int | None = None) -> "Actor":
        return cls(ActorKind.GUEST, proven_appointment_id=proven_appointment_id)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None


SYSTEM = Actor(ActorKind.SYSTEM)
