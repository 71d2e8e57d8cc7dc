"""Who people are, what is theirs, and how they prove it."""
