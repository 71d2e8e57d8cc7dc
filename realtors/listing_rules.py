"""What may be said of a listing, by its kind; no database here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking_site.common.lines import is_odd_in_a_line, seems_empty
from stores.rules import CELL_MINUTES, fee_steps_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_TAGS = 10
LONGEST_TAG = 20
MOST_PICTURES = 12
# Pixels of the longer side: as a page shows it, and as lists do.
PICTURE_SIDE, SMALL_SIDE = 1600, 640
LONGEST_CAPTION = 100
LONGEST_REASON = 200
LONGEST_ATTRIBUTE = 100
MOST_CHOICES = 20
# In any currency. With what a session adds, and for a whole package, the sum is still one that can
# be written down and charged.
HIGHEST_PRICE = 100_000_000
WHOLE = re.compile(r"^[0-9]{1,6}$")


@dataclass(frozen=True)
class Attribute:
    """One particular. ``type`` is ``int``, ``decimal``, ``text``, ``flag``, ``choice`` or
    ``choices`` (several of them); ``lowest`` and ``highest`` bound numbers."""

    name: str
    label: "_StrPromise"
    type: str
    lowest: int = 0
    highest: int = 0
    choices: tuple[tuple[str, "_StrPromise"], ...] = ()


SPECIES = (
    ("dog", gettext_lazy("dog")),
    ("cat", gettext_lazy("cat")),
    ("rabbit", gettext_lazy("rabbit")),
    ("bird", gettext_lazy("bird")),
    ("other", gettext_lazy("other animal")),
)
SIZES = (
    ("small", gettext_lazy("small, up to 10 kg")),
    ("medium", gettext_lazy("medium, up to 25 kg")),
    ("large", gettext_lazy("large, over 25 kg")),
)
LEVELS = (
    ("beginner", gettext_lazy("for beginners")),
    ("intermediate", gettext_lazy("for those who know some")),
    ("advanced", gettext_lazy("for the advanced")),
)

ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    "house": (
        Attribute("rooms", gettext_lazy("rooms"), "int", 0, 50),
        Attribute("area", gettext_lazy("area in m²"), "decimal", 1, 10000),
        Attribute("district", gettext_lazy("district"), "text"),
        Attribute("floor", gettext_lazy("floor"), "int", -5, 200),
        Attribute("furnished", gettext_lazy("furnished"), "flag"),
        Attribute("lift", gettext_lazy("lift"), "flag"),
    ),
    "course": (
        Attribute("age_from", gettext_lazy("from the age of"), "int", 0, 120),
        Attribute("age_to", gettext_lazy("to the age of"), "int", 0, 120),
        Attribute("level", gettext_lazy("level"), "choice", choices=LEVELS),
        Attribute("language", gettext_lazy("taught in"), "text"),
        Attribute("bring", gettext_lazy("what to bring"), "text"),
        Attribute("package_sessions", gettext_lazy("sessions booked together"), "int", 1, 50),
    ),
    "boarding": (
        Attribute("species", gettext_lazy("animals"), "choices", choices=SPECIES),
        Attribute("sizes", gettext_lazy("sizes"), "choices", choices=SIZES),
        Attribute("vaccination_needed", gettext_lazy("vaccination needed"), "flag"),
        Attribute("check_in_hour", gettext_lazy("check-in from, o'clock"), "int", 0, 23),
        Attribute("check_out_hour", gettext_lazy("check-out until, o'clock"), "int", 0, 23),
    ),
    "service": (
        Attribute("radius_km", gettext_lazy("comes as far as, in km"), "int", 0, 2000),
        Attribute("bring", gettext_lazy("what to have ready"), "text"),
    ),
}


def check_listing(listing: Any) -> None:
    """Put right what a Listing carries as JSON, and raise ValidationError, by field, on what could
    not be booked or charged."""
    problems: dict[str, Any] = {}
    for name in ("duration_minutes", "buffer_before_minutes", "buffer_after_minutes"):
        if (getattr(listing, name) or 0) % CELL_MINUTES:
            problems[name] = _("Must be a multiple of 5 minutes.")
    if listing.price is not None and listing.price > HIGHEST_PRICE:
        problems["price"] = _("At most %(most)s.") % {"most": f"{HIGHEST_PRICE:,}"}
    if listing.fee_steps is not None:
        try:
            listing.fee_steps = [list(step) for step in fee_steps_of(listing.fee_steps)]
        except ValidationError as error:
            problems |= error.message_dict
    try:
        listing.tags = clean_tags(listing.tags)
    except ValidationError as error:
        problems["tags"] = error.messages
    try:
        listing.attributes = clean_attributes(listing.kind, listing.attributes)
    except ValidationError as error:
        problems["attributes"] = error.messages
    if listing.kind == "course":
        if listing.price_unit != "session":
            problems["price_unit"] = _("Courses are paid for by the session.")
        if listing.realtor_id is None:
            problems["realtor"] = _("A course needs its teacher.")
        if listing.duration_minutes is None:
            problems["duration_minutes"] = _("Say how long a session is.")
    if listing.kind == "boarding":
        if listing.price_unit != "night":
            problems["price_unit"] = _("Boarding is paid for by the night.")
        if listing.realtor_id is None:
            problems["realtor"] = _("A boarding place needs its sitter.")
    if listing.realtor_id is not None and listing.realtor.store_id != listing.store_id:
        problems["realtor"] = _("They work in another store.")
    if (listing.latitude is None) != (listing.longitude is None):
        problems["latitude"] = _("Give both, or neither.")
    if problems:
        raise ValidationError(problems)


def clean_tags(tags: Any) -> list[str]:
    """Each once, in the order given. Raises ValidationError."""
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValidationError(_("Give a list of words."))
    kept = list(dict.fromkeys(tag.strip() for tag in tags if not seems_empty(tag)))
    if any(is_odd_in_a_line(sign) for tag in kept for sign in tag):
        raise ValidationError(_("Must be a single line of text."))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        message = _("At most %(most)s, each of at most %(longest)s characters.")
        raise ValidationError(message % {"most": MOST_TAGS, "longest": LONGEST_TAG})
    return kept


def clean_attributes(kind: str, raw: Any) -> dict[str, Any]:
    """What was given of this kind's attributes, in their types; empty ones go. Raises
    ValidationError for unknown names and unfit values."""
    if not isinstance(raw, Mapping):
        raise ValidationError(_("Give the particulars by name."))
    known = {one.name: one for one in ATTRIBUTES.get(kind, ())}
    unknown = [name for name in raw if name not in known]
    if unknown:
        message = _("Unknown: %(names)s. Known: %(known)s.")
        names = ", ".join(sorted(str(name)[:40] for name in unknown))
        raise ValidationError(message % {"names": names, "known": ", ".join(known)})
    kept = {}
    for name, attribute in known.items():
        value = raw.get(name)
        if value is None or value == "" or value == []:
            continue
        kept[name] = _clean(attribute, value)
    if kept.get("age_to", 120) < kept.get("age_from", 0):
        raise ValidationError(_("The ages are the wrong way round."))
    return kept


def _clean(attribute: Attribute, value: Any) -> Any:
    clean = {
        "int": _whole_number,
        "decimal": _number,
        "text": _text,
        "flag": _flag,
        "choice": _choice,
        "choices": _choices,
    }[attribute.type]
    return clean(attribute, value)


def _whole_number(attribute: Attribute, value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not WHOLE.fullmatch(text.removeprefix("-")):
        raise _unfit(attribute)
    return int(_within(attribute, Decimal(text)))


def _number(attribute: Attribute, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise _unfit(attribute)
        found = Decimal(str(value))
        if not found.is_finite():
            raise _unfit(attribute)
    except InvalidOperation as error:
        raise _unfit(attribute) from error
    return round(float(_within(attribute, found)), 2)


def _within(attribute: Attribute, number: Decimal) -> Decimal:
    if not attribute.lowest <= number <= attribute.highest:
        raise _unfit(attribute)
    return number


def _text(attribute: Attribute, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_ATTRIBUTE:
        raise _unfit(attribute)
    if any(is_odd_in_a_line(sign) for sign in value) or seems_empty(value):
        raise _unfit(attribute)
    return value.strip()


def _flag(attribute: Attribute, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _unfit(attribute)
    return value


def _choice(attribute: Attribute, value: Any) -> str:
    if value not in [key for key, _label in attribute.choices]:
        raise _unfit(attribute)
    return str(value)


def _choices(attribute: Attribute, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_CHOICES:
        raise _unfit(attribute)
    wanted = {_choice(attribute, one) for one in value if isinstance(one, str)}
    if len(wanted) != len(value):
        raise _unfit(attribute)
    return [key for key, _label in attribute.choices if key in wanted]


def _unfit(attribute: Attribute) -> ValidationError:
    if attribute.type in ("int", "decimal"):
        message = _("%(label)s: a number from %(lowest)s to %(highest)s, please.")
        bounds = {"lowest": attribute.lowest, "highest": attribute.highest}
        return ValidationError(message % {"label": attribute.label, **bounds})
    if attribute.choices:
        known = ", ".join(key for key, _label in attribute.choices)
        return ValidationError(
            _("%(label)s: one of %(known)s.") % {"label": attribute.label, "known": known}
        )
    return ValidationError(_("%(label)s cannot be that.") % {"label": attribute.label})
