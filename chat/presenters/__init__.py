"""Conversations and messages as plain values: the same for the API, for frames and for pages."""
