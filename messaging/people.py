"""Addresses as they are looked up."""

from __future__ import annotations

from messaging.addresses import BadAddress, folded, normal
from privacy.fields import blind_index


def address_index(channel: str, address: str) -> str:
    """The blind index of an address. Raises `messaging.addresses.BadAddress`."""
    return blind_index(normal(channel, address), purpose="messaging.address")


def raw_index(address: str) -> str:
    """The blind index of an address that could not be brought into its normal form."""
    return blind_index(address.strip().casefold(), purpose="messaging.address")


def mailbox_indexes(channel: str, address: str) -> list[str]:
    """The blind indexes under which it is kept that others read what comes to `address`: of itself and, where it is
    spelled otherwise, of its mailbox (`messaging.addresses.folded`)."""
    kind = channel if channel == "email" else "sms"
    try:
        plain, box = normal(kind, address), folded(kind, address)
    except BadAddress:
        return [raw_index(address)]
    return [blind_index(each, purpose="messaging.address") for each in dict.fromkeys([plain, box])]
