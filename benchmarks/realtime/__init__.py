"""Sockets: what a frame, a message, an idle client, a reconnect and a slow reader cost.

* ``parts`` and ``talking``: what is measured, in ``rows``; ``town``: people and news for them;
  ``cast``: the processes;
* ``crowd``, ``talkers`` and ``wire``: the clients; ``stock``: Channels as its documentation has it;
  ``unpaced``: ours, for people who talk faster than people may.
"""
