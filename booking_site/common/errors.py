"""Refusals: what a rule says no with.

A refusal carries a stable English ``code``, a translated sentence and, where a field is to
blame, ``errors``. It is raised beside the rule and translated once, at the edge: to the API's
envelope, a form's error or a socket's error frame.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(Exception):
    """The caller asked for something that a rule does not allow."""

    code = "invalid"
    status = 400
    message: "str | _StrPromise" = _("This request cannot be carried out as it stands.")

    def __init__(
        self,
        message: "str | _StrPromise | None" = None,
        *,
        errors: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.errors = dict(errors or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(Refusal):
    """400: malformed, or refused by a rule on the input."""


class Forbidden(Refusal):
    """403: a known caller without the right."""

    code = "forbidden"
    status = 403
    message = _("You may not do this.")


class NotFound(Refusal):
    """404: not there, or not yours; the two answer alike."""

    code = "not_found"
    status = 404
    message = _("We could not find that.")


class Conflict(Refusal):
    """409: lost against somebody else."""

    code = "conflict"
    status = 409
    message = _("Somebody else was faster. Please look again.")


class ChangedMeanwhile(Conflict):
    """409: what was to be replaced is no longer what its editor had read."""

    message = _("Somebody has changed this meanwhile. Please look again.")


class TooMany(Refusal):
    """429: slow down; ``retry_after`` in seconds."""

    code = "rate_limited"
    status = 429
    message = _("Too many requests. Please wait a moment and try again.")

    def __init__(self, *, retry_after: int = 60) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(Refusal):
    """503: a part we need is down or overloaded; trying again later is safe."""

    code = "unavailable"
    status = 503
    message = _("We are busy right now. Nothing was changed; please try again in a moment.")
    retry_after = 2
