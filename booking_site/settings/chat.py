"""Conversations: lengths, windows and limits. Where staff may set a figure in the back office, this
is what holds until they do (chat.selectors.policy)."""

from .env import env

# Characters of one message.
CHAT_MESSAGE_LENGTH = env.int("CHAT_MESSAGE_LENGTH", 1000)
# For how long its author may change a message or take it back.
CHAT_EDIT_MINUTES = env.int("CHAT_EDIT_MINUTES", 15)
# A conversation about an appointment is put away so long after both are over.
CHAT_ARCHIVE_DAYS = env.int("CHAT_ARCHIVE_DAYS", 30)
# Words and files of older messages are deleted; 0 keeps them.
CHAT_RETENTION_DAYS = env.int("CHAT_RETENTION_DAYS", 0)
# Whoever has not seen a message for so long is told by e-mail or push.
CHAT_UNSEEN_MINUTES = env.int("CHAT_UNSEEN_MINUTES", 10)
# Of one person, all files together.
CHAT_QUOTA_BYTES = env.int("CHAT_QUOTA_BYTES", 209_715_200)
# Of one voice message.
CHAT_VOICE_SECONDS = env.int("CHAT_VOICE_SECONDS", 120)
# What looks at words before they are sent, and at documents before anybody may have them.
CHAT_WORD_FILTER = env.str("CHAT_WORD_FILTER", "chat.gateways.words.ListedWords")
CHAT_FILE_SCANNER = env.str("CHAT_FILE_SCANNER", "chat.gateways.scanning.NoScanner")
