"""What is promised to clients of every family."""
