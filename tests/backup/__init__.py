"""Backups are what was there, however many write meanwhile, and come back as that."""
