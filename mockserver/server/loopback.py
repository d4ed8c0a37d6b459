"""Names and addresses to listen on, and which of them are those of this machine alone."""

from __future__ import annotations

import ipaddress
import re

_NAME = re.compile(r"[^:/\[\]]+")
_IPV6 = re.compile(r"[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*(%[^:/\[\]]+)?", re.IGNORECASE)


def listening(host: str) -> str:
    """Return a name or address as a socket takes it: an IPv6 address without its brackets.

    Raises ValueError for a text that is neither: a socket takes the empty one for all addresses of the machine.
    """
    found = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not (_NAME.fullmatch(found) or _IPV6.fullmatch(found)):
        raise ValueError(f"host {host!r}: it is a name or an address such as 127.0.0.1 or ::1, without scheme and port")
    return found


def is_loopback(address: str) -> bool:
    """Return whether it is a loopback address, also an IPv4 one mapped to IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
