"""What somebody who waited for a seat is told when one is free."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from appointments.models import Session
from appointments.presenters import times
from appointments.presenters.prices import price
from notifications.models import SeatHint

from .facts import place_of
from .mail import mail_of, message_id_of
from .seat_facts import course_path
from .words import Words


def told_of_seat(session: Session, *, at: datetime) -> tuple[str, str, str]:
    """Title, text and link, in the active language."""
    return _title(session, at), _sentence(), course_path(session.listing_id)


def letter_of_seat(hint: SeatHint, *, at: datetime) -> EmailMultiAlternatives:
    """In its reader's language, under an id that is the same at every try."""
    session, user = hint.session, hint.user
    with translation.override(user.locale):
        title = _title(session, at)
        rows = (
            (_("Course"), session.listing.title),
            (_("When"), _when(session, at)),
            (
                _("Where"),
                place_of(session.store, session.listing),
            ),
            (_("With"), str(session.realtor)),
            (_("Price"), price(session.price, session.listing.currency) if session.price else ""),
        )
        words = Words(
            subject=title,
            headline=_("A place is free again"),
            sentences=(_sentence(),),
            rows=tuple((name, value) for name, value in rows if value),
            link=settings.SITE_URL + course_path(session.listing_id),
            label=_("Book it"),
        )
        name = f"seat.{session.pk}.{user.pk}.{int(hint.created_at.timestamp())}"
        message_id = message_id_of(name)
        return mail_of(words, to=user.email or "", message_id=message_id, has_account=True)


def _title(session: Session, at: datetime) -> str:
    told = {"course": session.listing.title, "when": _when(session, at)}
    return _("A place is free: %(course)s, %(when)s") % told


def _sentence() -> str:
    return _("You wanted to hear of it. Whoever books first has it; everybody who asked is told.")


def _when(session: Session, at: datetime) -> str:
    """By its date and never as "tomorrow": nobody knows when it is read."""
    zone = session.store.zone
    day = times.calendar_day(session.starts_local.date(), at.astimezone(zone).date())
    return _("%(day)s %(time)s") % {"day": day, "time": times.clock(session.starts_local)}
