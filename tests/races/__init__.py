"""Many at once: against a real server, against the services, and with the guard switched off."""
