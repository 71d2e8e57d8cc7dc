"""A test that reaches for the outside fails, even where a network is."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_the_network_is_off():
    # An address kept for documentation: nobody has it.
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 443))


def test_services_on_this_machine_are_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()
