"""What realtors get from outside."""
