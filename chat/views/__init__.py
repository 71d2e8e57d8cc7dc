"""The pages of conversations, and the files in them."""
