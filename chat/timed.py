"""What is due: conversations to be put away, words to be forgotten, files that were never sent.
Safe to run twice and at once, and to be killed at any moment."""

from datetime import datetime
from functools import partial

from django.core.cache import cache

from booking_site.common.orphans import sweep_folder
from booking_site.common.transactions import all_in_turn, run_in_transaction
from chat.models import Attachment, Conversation
from chat.selectors.policy import chat_policy
from chat.services.archiving import archive, to_be_archived
from chat.services.attaching import SWEPT_AT_ONCE, sweep_uploads
from chat.services.retention import AT_ONCE, forget_quotations, forget_words, to_be_forgotten

# A little less than an hour, so that a beat of one hour never finds it still there.
HOURLY_SECONDS = 3500
DAY_SECONDS = 86_400
FOLDER = "chat"
# What is left then waits for the next round, so that no round lasts for ever.
MOST_CONVERSATIONS = 500
MOST_BATCHES = 100


def run_due(*, at: datetime) -> None:
    """Once an hour: nobody waits for it."""
    if cache.add("chat.timed.run_due", True, HOURLY_SECONDS):
        pieces = (archive_quiet, forget_old, sweep_unsent, sweep_files)
        all_in_turn(partial(piece, at=at) for piece in pieces)


def archive_quiet(*, at: datetime) -> None:
    """Each in a transaction of its own."""
    after = chat_policy().archive_after
    found = to_be_archived(after=after, at=at).order_by("updated_at", "pk")[:MOST_CONVERSATIONS]
    all_in_turn(
        partial(run_in_transaction, partial(archive, one, after=after, at=at))
        for one in list(found)
    )


def forget_old(*, at: datetime) -> int:
    """In batches, each in a transaction of its own; nothing where words are kept. How many messages
    have lost theirs."""
    kept_for = chat_policy().retention
    if kept_for is None:
        return 0
    before, count = at - kept_for, 0
    for _batch in range(MOST_BATCHES):
        conversation = _with_the_oldest(before, at)
        if conversation is None:
            break
        count += run_in_transaction(partial(forget_words, conversation, before=before, at=at))
    for _batch in range(MOST_BATCHES):
        if run_in_transaction(partial(forget_quotations, before=before)) < AT_ONCE:
            break
    return count


def _with_the_oldest(before: datetime, at: datetime) -> Conversation | None:
    """In which the oldest words are that have to go. It looks from where it last found some, lest
    all that is empty already be read again; once a day from the beginning."""
    mark = f"chat.timed.forgotten_until.{at:%Y-%m-%d}"
    rows = to_be_forgotten(before=before)
    since = cache.get(mark)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    oldest = rows.order_by("created_at").select_related("conversation").first()
    cache.set(mark, oldest.created_at if oldest else before, DAY_SECONDS)
    return oldest.conversation if oldest else None


def sweep_unsent(*, at: datetime) -> None:
    """Files whose message was never sent, in batches."""
    for _batch in range(MOST_BATCHES):
        if run_in_transaction(partial(sweep_uploads, at=at)) < SWEPT_AT_ONCE:
            return


def sweep_files(*, at: datetime) -> int:
    """Delete files that no row names; how many there were."""
    return sweep_folder(FOLDER, _named, at=at)


def _named(paths: set[str]) -> set[str]:
    found: set[str] = set()
    for column in ("file", "small"):
        rows = Attachment.objects.filter(**{f"{column}__in": paths - found})
        found |= set(rows.values_list(column, flat=True))
    return found
