"""The mail server, behind Django's backend that EMAIL_URL names."""

from smtplib import SMTPRecipientsRefused
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection


class RefusedForGood(Exception):
    """The server will not take anything for this address, however often it is asked."""


class Mailer:
    """One connection for a round of letters, opened with the first and again after a failure. Never
    used inside a transaction: a server may take its time (EMAIL_TIMEOUT bounds every answer)."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, message: EmailMessage) -> None:
        """Returns when the server has it. Raises RefusedForGood, or whatever went wrong."""
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            self._connection.send_messages([message])
        except SMTPRecipientsRefused as error:
            self._hang_up()
            codes = [code for code, _text in error.recipients.values()]
            if all(code >= 500 for code in codes):
                raise RefusedForGood(str(error)) from error
            raise
        except BaseException:
            # Whatever state the dialogue is in, the next letter begins a new one.
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                # It is gone already.
                return
