"""The socket, its streams and everything that may be lost on the way."""
