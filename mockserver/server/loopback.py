"""Which addresses are those of this machine alone."""

from __future__ import annotations

import ipaddress


def is_loopback(address: str) -> bool:
    """Return whether it is a loopback address, also an IPv4 one mapped to IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
