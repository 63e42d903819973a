"""Hosts that callers name: which of them belong to the public network."""

import socket
from contextlib import suppress
from ipaddress import ip_address


def may_be_public(host: str) -> bool:
    """Whether a host is a name or an address of the public network, however it is written.

    >>> [may_be_public(host) for host in ("nguon.example", "localhost", "127.1", "::1", "8.8.8.8")]
    [True, False, False, False, True]
    """
    if host == "localhost" or host.endswith((".local", ".internal", ".localhost")):
        return False
    # Systems also take `127.1`, `0x7f.1` and `2130706433` for addresses of IPv4.
    with suppress(OSError, UnicodeError):
        host = socket.inet_ntoa(socket.inet_aton(host))
    try:
        return ip_address(host).is_global
    except ValueError:
        return True
