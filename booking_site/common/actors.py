"""Who acts: every service takes ``by``, an Actor, and never looks for a current user itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


class ActorKind(StrEnum):
    USER = "user"
    GUEST = "guest"
    SYSTEM = "system"


class Door(StrEnum):
    """By which way somebody came in; told in the history of what they changed."""

    PAGE = "page"
    API = "api"
    OFFICE = "office"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A signed-in user, a guest who proved an appointment to be theirs, or the system itself."""

    kind: ActorKind
    user: "User | None" = None
    # A guest's proof opens this one appointment and nothing else.
    proven_appointment_id: int | None = None
    # Who somebody is does not depend on the way they came.
    door: Door | None = field(default=None, compare=False)

    @classmethod
    def of(cls, user: "User", *, door: Door | None = None) -> "Actor":
        return cls(ActorKind.USER, user=user, door=door)

    @classmethod
    def guest(cls, *, proven_appointment_id: int | None = None) -> "Actor":
        return cls(ActorKind.GUEST, proven_appointment_id=proven_appointment_id)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None


SYSTEM = Actor(ActorKind.SYSTEM, door=Door.SYSTEM)
