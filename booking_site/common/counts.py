"""How many of something, in a badge."""

MOST_SHOWN = 99


def shown_count(count: int) -> str:
    """``7``, and ``99+`` where there are more than a badge has room for."""
    return f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count)
