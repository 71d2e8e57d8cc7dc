"""How letters are put into words, and into mail."""
