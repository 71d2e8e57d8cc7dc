"""The outside world: files that strangers send."""
