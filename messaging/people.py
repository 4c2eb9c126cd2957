"""Addresses as they are looked up."""

from __future__ import annotations

from messaging.addresses import normal
from privacy.fields import blind_index


def address_index(channel: str, address: str) -> str:
    """The blind index of an address. Raises `messaging.addresses.BadAddress`."""
    return blind_index(normal(channel, address), purpose="messaging.address")


def raw_index(address: str) -> str:
    """The blind index of an address that could not be brought into its normal form."""
    return blind_index(address.strip().casefold(), purpose="messaging.address")
