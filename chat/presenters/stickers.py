"""What stickers say to whoever does not see them."""

from django.utils.translation import gettext, pgettext_lazy

LABELS = {
    "hello": pgettext_lazy("sticker", "Hello!"),
    "thanks": pgettext_lazy("sticker", "Thank you!"),
    "ok": pgettext_lazy("sticker", "OK!"),
    "yes": pgettext_lazy("sticker", "Yes!"),
    "celebrate": pgettext_lazy("sticker", "Hooray!"),
    "heart": pgettext_lazy("sticker", "With love"),
    "laugh": pgettext_lazy("sticker", "Ha ha!"),
    "wait": pgettext_lazy("sticker", "One moment, please"),
    "on-the-way": pgettext_lazy("sticker", "On my way"),
    "key": pgettext_lazy("sticker", "Here is the key"),
    "calendar": pgettext_lazy("sticker", "It is in the calendar"),
    "sorry": pgettext_lazy("sticker", "Sorry!"),
}


def sticker_label(name: str) -> str:
    """In the active language; of one that we have no more, that it is one."""
    return str(LABELS[name]) if name in LABELS else gettext("Sticker")
