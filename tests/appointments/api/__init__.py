"""The appointment family, through its URLs."""
