"""Conversations and messages. Holds nothing yet: the first tables come with the chat itself."""
