"""How appointments are put into words and pictures for people; templates only lay them out."""
