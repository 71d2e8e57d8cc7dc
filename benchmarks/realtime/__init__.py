"""Sockets: what a frame, an idle client, a reconnect and a slow reader cost.

* ``parts``: what is measured; ``town``: people and news for them; ``cast``: the processes;
* ``crowd`` and ``wire``: the clients; ``stock``: Channels as its documentation has it.
"""
