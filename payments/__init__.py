"""Payments and refunds. Holds nothing yet: appointments are made without paying."""
