"""Formats where Django's own are not how people write."""
