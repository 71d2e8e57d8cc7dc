"""The demo's data: enough of everything, and never too much."""
