"""What the tests stand on: real services, a real server, a real browser."""
