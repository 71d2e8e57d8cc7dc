"""Who hears of what, and how: on the site and over sockets, by letter, app push and webhook."""
