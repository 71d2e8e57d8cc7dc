"""The customer's pages of booking, looking up, cancelling and moving."""
