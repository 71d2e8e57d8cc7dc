"""The socket: who may open one, what it is told, what it may ask.

* ``socket``: one connection, and what the channel layer says to it;
* ``handshake``: who is there, by cookie or ticket;
* ``outbox``: what is on its way to a client that may not read;
* ``operations``: what a client may ask, ``chat_operations`` in conversations; ``asking``: how it is
  read;
* ``watch``: one a process: compares positions, listens for its own canary, renews leases;
* ``carrier``: how hints reach the layer from code without a loop.
"""
