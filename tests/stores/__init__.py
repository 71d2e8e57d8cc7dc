"""Stores, their hours and special days."""
