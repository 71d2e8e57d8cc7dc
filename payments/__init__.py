"""Payments and refunds: what is paid in advance, at which gateway, and what goes back."""
