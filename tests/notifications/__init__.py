"""Tests of the outbox, its letters and reminders."""
