"""Where visitors come from, as it is written and as it is counted. Plain Python."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# What a provider gives one household: whoever has one address of it has them all.
HOUSEHOLD = 64


def read_address(text: str) -> str:
    """The address in what a proxy writes (`1.2.3.4:55`, `[2001:db8::1]:55`, `"2001:db8::1"`); ``""`` for none."""
    found = _address(text)
    return str(found) if found else ""


def counted_address(text: str) -> str:
    """Whom the address counts for: itself, or for IPv6 the network of one household; ``""`` for none."""
    found = _address(text)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, HOUSEHOLD), strict=False).network_address)
    return str(found) if found else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
