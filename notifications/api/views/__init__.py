"""Calls of notifications: news on the site, sockets, web hooks."""
