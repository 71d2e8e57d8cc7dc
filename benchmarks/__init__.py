"""Every figure that the documents claim, one command each."""
