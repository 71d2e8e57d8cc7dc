"""Foreign code behind doors of our own: the token library and the picture library."""
