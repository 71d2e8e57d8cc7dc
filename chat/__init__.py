"""Conversations between people, and their messages: text, pictures, voice, files, stickers, and
cards of appointments. News of them goes up as events (chat.events); sockets and letters are the
business of notifications."""
