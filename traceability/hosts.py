"""Hosts that callers name: which of them belong to the public network."""

import socket
import unicodedata
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# IPv6 addresses whose last four bytes are one of IPv4: where a network translates them, they lead
# to it.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
_PRIVATE_NAMES = (".local", ".internal", ".localhost", ".lan", ".home.arpa")


def may_be_public(host: str) -> bool:
    """Whether a host is a name or an address of the public network, however it is written.

    >>> [may_be_public(host) for host in ("nguon.example", "localhost.", "127.1", "::1", "8.8.8.8")]
    [True, False, False, False, True]
    """
    # Names are looked up in their plain form: full-width digits are digits.
    host = unicodedata.normalize("NFKC", host).replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(_PRIVATE_NAMES):
        return False
    # Systems also take `127.1`, `0x7f.1` and `2130706433` for addresses of IPv4.
    with suppress(OSError, UnicodeError):
        host = socket.inet_ntoa(socket.inet_aton(host))
    try:
        return is_public(host)
    except ValueError:
        return True


def is_public(address: str) -> bool:
    """Whether an address is one of a single host of the public network.

    >>> [is_public(address) for address in ("8.8.8.8", "64:ff9b::a00:1", "2002:7f00:1::")]
    [True, False, False]

    Raises:
        ValueError: it is no address.
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if any(found in network for network in _TRANSLATED):
            inside = IPv4Address(found.packed[-4:])
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast
