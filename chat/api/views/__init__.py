"""The HTTP calls of conversations, one file for each subject."""
