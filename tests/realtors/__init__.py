"""Realtors, their hours and time off."""
