"""The tests, and what they stand on: see docs/architecture.md."""
