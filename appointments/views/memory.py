"""What a browser's session remembers of booking: the only thing a guest has instead of an account.

Kept small on purpose: the last few wishes, the details while they are needed, the proofs for a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from appointments.models import Appointment, Hold

KEY = "booking"
MOST_KEPT = 10
# A guest's proof ends after a day: the browser may be shared.
PROOF_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Wanted:
    """What a hold was for, known after the hold itself is gone. ``realtor_id`` only if named;
    ``house_id`` where a house is to be seen."""

    store_id: int
    starts_at: datetime
    ends_at: datetime
    realtor_id: int | None
    house_id: int | None = None


class Memory:
    """Reads and writes one request's session."""

    def __init__(self, request: HttpRequest) -> None:
        self.session = request.session

    # Held times

    def keep_hold(self, hold: Hold) -> None:
        self._keep("holds", hold.token, {
            "store": hold.store_id,
            "starts_at": hold.starts_at.isoformat(),
            "ends_at": hold.ends_at.isoformat(),
            "realtor": hold.realtor_id if hold.realtor_named else None,
            "house": hold.listing_id,
        })  # fmt: skip
        self._keep("held", str(hold.store_id), hold.token)

    def wanted(self, token: str) -> Wanted | None:
        facts = self._part("holds").get(token)
        if facts is None:
            return None
        start, end = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
        # Sessions live on through a release: one begun before houses were shown has none.
        return Wanted(facts["store"], start, end, facts["realtor"], facts.get("house"))

    def token_in(self, store_id: int) -> str | None:
        """The hold that another one in this store replaces."""
        return self._part("held").get(str(store_id))

    def note_locked(self, session_ids: list[int]) -> None:
        """Seats that were locked last, to tell a lock that ran out from one that never was."""
        self._write("locked", {str(pk): True for pk in session_ids})

    @property
    def locked(self) -> list[int]:
        return [int(pk) for pk in self._part("locked")]

    # Typed details

    @property
    def details(self) -> dict[str, str]:
        return self._part("details")

    def keep_details(self, details: dict[str, str]) -> None:
        self._write("details", details)

    def forget_details(self) -> None:
        """Booked: the next person at this screen need not see them."""
        self._write("details", {})

    # Bookings made

    def note_booking(self, key: str, appointment: Appointment, at: datetime) -> None:
        """``key`` is the hold's token or the form's own key: sent twice, it books once.

        Called in the booking's transaction and saved there, so that the second of two requests,
        which the database lets in after the first, finds it.
        """
        self._keep("booked", key, appointment.pk)
        self.note_proof(appointment.pk, at)
        self.session.save()

    def booked(self, key: str) -> int | None:
        """The appointment made under this key, also by a request that ran beside this one."""
        stored: dict[str, Any] = self.session.load() if self.session.session_key else {}
        return stored.get(KEY, {}).get("booked", {}).get(key) or self._part("booked").get(key)

    # Proofs

    def note_proof(self, appointment_id: int, at: datetime) -> None:
        self._keep("proven", str(appointment_id), at.isoformat())

    def has_proof(self, appointment_id: int, at: datetime) -> bool:
        given = self._part("proven").get(str(appointment_id))
        return given is not None and at < datetime.fromisoformat(given) + PROOF_LASTS

    def proven(self, at: datetime) -> list[int]:
        """Ids of the appointments this browser has booked or proven lately."""
        kept = list(self._part("proven"))
        return [int(number) for number in kept if self.has_proof(int(number), at)]

    def _part(self, name: str) -> dict[str, Any]:
        return self.session.get(KEY, {}).get(name, {})

    def _keep(self, part: str, key: str, value: Any) -> None:
        kept = {name: old for name, old in self._part(part).items() if name != key}
        self._write(part, _last({**kept, key: value}.items()))

    def _write(self, part: str, value: dict[str, Any]) -> None:
        self.session[KEY] = {**self.session.get(KEY, {}), part: value}


def _last(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return dict(list(items)[-MOST_KEPT:])
