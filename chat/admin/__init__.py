"""Conversations in the back office: who talks to whom, what was reported, who of the staff looked
and why. What people say stands on one page only, which asks for a reason and writes it down."""

from . import blocks, conversations, log, reports  # noqa: F401
