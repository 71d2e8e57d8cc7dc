"""Who is to be told what, what is due, and whether it still holds."""
