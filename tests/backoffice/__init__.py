"""The back office: what staff see, what managers do not see, and what may be done there."""
