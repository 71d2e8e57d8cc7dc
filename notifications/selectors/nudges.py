"""Whether somebody is still to be told of messages at the moment they would be."""

from chat.selectors.unseen import Waiting
from notifications.models import Channel, DropReason, Nudge


def why_no_nudge(nudge: Nudge, waiting: Waiting | None) -> DropReason | None:
    """``waiting``: what waits for them now. None when it holds."""
    user = nudge.participant.user
    if not user.is_active or (nudge.channel == Channel.EMAIL and not user.email):
        return DropReason.FORGOTTEN
    if nudge.channel == Channel.PUSH and not _is_theirs(nudge):
        return DropReason.NO_DEVICE
    return DropReason.UNTRUE if waiting is None else None


def _is_theirs(nudge: Nudge) -> bool:
    device = nudge.device
    if device is None or device.disabled_at is not None:
        return False
    return device.user_id == nudge.participant.user_id
