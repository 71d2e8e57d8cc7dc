"""The customer's pages through Django's test client."""
