"""What is counted: of everything, of one day, of one hour of the day, of one realtor."""

from dataclasses import dataclass, field

from appointments.models import Status

from .arithmetic import mean, percentile, share

SLOW = 95


@dataclass
class Tally:
    """Appointments by what became of them, and the minutes people waited and worked.

    * ``created``: those made in the range, by the moment they were made.
    * ``completed``, ``cancelled``, ``no_show``, ``open`` (to be confirmed, confirmed, in progress):
      those whose start lies in the range. One who left the live line has the moment of joining.
    * ``waits``: minutes from joining the live line to a realtor's yes, of all who joined in the
      range and got one. Who still waits, or left, is in none of these.
    * ``answers``: minutes a realtor took to say yes or no to a scheduled appointment, of the offers
      made in the range that were answered. What a policy confirmed by itself nobody answered.
    * ``working_minutes``, ``busy_minutes``: see ``working``.
    """

    created: int = 0
    completed: int = 0
    cancelled: int = 0
    no_show: int = 0
    open: int = 0
    waits: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    working_minutes: float = 0
    busy_minutes: float = 0

    def count(self, status: str) -> None:
        over = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)
        name = str(status) if status in over else "open"
        setattr(self, name, getattr(self, name) + 1)

    @property
    def success_rate(self) -> float | None:
        """Completed of all that are over: completed, cancelled or no-show. None when none is."""
        return share(self.completed, self.completed + self.cancelled + self.no_show)

    @property
    def waited(self) -> int:
        return len(self.waits)

    @property
    def mean_wait_minutes(self) -> float | None:
        return mean(self.waits)

    @property
    def p95_wait_minutes(self) -> float | None:
        return percentile(self.waits, SLOW)

    @property
    def answered(self) -> int:
        return len(self.answers)

    @property
    def mean_answer_minutes(self) -> float | None:
        return mean(self.answers)

    @property
    def p95_answer_minutes(self) -> float | None:
        return percentile(self.answers, SLOW)

    @property
    def utilisation(self) -> float | None:
        """Busy of working minutes; None where nobody worked."""
        return share(self.busy_minutes, self.working_minutes)
