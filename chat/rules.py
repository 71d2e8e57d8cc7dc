"""What can be said of conversations without looking anything up."""

from datetime import datetime, timedelta

LONGEST_NAME = 60
MOST_MEMBERS = 50
# Of the name under which a file is shown.
LONGEST_FILE_NAME = 100
LONGEST_CLIENT_ID = 64
LONGEST_REPORT = 500
LONGEST_REASON = 200
# How long a member of staff who has said why reads on.
READING_LASTS = timedelta(minutes=30)
# Of a message in a list, a reply or a notification.
PREVIEW = 80
# Uploaded and not sent.
UPLOADS_KEPT = timedelta(days=1)
MOST_UNSENT = 20
# Words are kept for so long at least, lest a slip of the finger delete what was said last week.
SHORTEST_RETENTION_DAYS = 30
LONGEST_DAYS = 3650
LONGEST_UNSEEN_MINUTES = 1440
# Of the filter: one word, and each of its lists.
LONGEST_WORD = 40
MOST_WORDS = 1000

# What the site's messages about an order of a service say they are about.
OF_ORDERS = "order"

# Ours: static/img/stickers/<name>.svg, and what stands for it where there are no pictures.
STICKERS = {
    "hello": "👋",
    "thanks": "🙏",
    "ok": "👌",
    "yes": "👍",
    "celebrate": "🎉",
    "heart": "❤️",
    "laugh": "😄",
    "wait": "⏳",
    "on-the-way": "🚶",
    "key": "🔑",
    "calendar": "📅",
    "sorry": "🙇",
}


def pair_key(one: int, other: int, *, about: str = "") -> str:
    """Names the conversation of two people about one thing, whoever asks: unique among all."""
    low, high = sorted((one, other))
    return f"{low}:{high}:{about}"


def about_appointment(appointment_id: int) -> str:
    return f"appointment:{appointment_id}"


def about_listing(listing_id: int) -> str:
    return f"listing:{listing_id}"


def system_key(user_id: int) -> str:
    """Names the conversation in which the site itself writes to somebody."""
    return f"system:{user_id}"


def may_still_change(sent_at: datetime, at: datetime, *, minutes: int) -> bool:
    """Within the window in which an author changes a message or takes it back."""
    return at - sent_at <= timedelta(minutes=minutes)


def preview_of(text: str) -> str:
    """The beginning, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1] + "…"


def page_of_numbers(*, first: int, last: int, page: int, limit: int) -> tuple[int, int]:
    """The numbers from ``low`` to ``high`` of a page, the newest first: 1 is the page that ends at
    ``last``. Nothing is counted, because numbers have no holes. Empty where ``low > high``."""
    high = last - (page - 1) * limit
    return max(first, high - limit + 1), high


def page_holding(number: int, *, last: int, limit: int) -> int:
    """On which of those pages a message stands."""
    return (last - number) // limit + 1
