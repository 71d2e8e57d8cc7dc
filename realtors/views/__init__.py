"""Files of realtors that pages show."""
