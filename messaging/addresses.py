"""E-mail addresses and phone numbers in one form, and how they are shown to staff. Plain Python."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}")


class BadAddress(ValueError):
    """The address cannot be written to; the message names no part of it."""


def normal(channel: str, address: str, *, region: str = "US") -> str:
    """The one form of an address: lower-case e-mail, or E.164 phone number. Raises `BadAddress`."""
    return _email(address) if channel == "email" else _phone(address, region)


def _email(address: str) -> str:
    text = address.strip()
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise BadAddress("This is not an email address that can be written to.")
    return text.lower()


def folded(channel: str, address: str) -> str:
    """The mailbox that an address leads to, as far as it can be told for every provider: letters of one look (NFKC) and
    of one case alike, without what stands behind a plus sign. Dots are left: not all providers overlook them. A phone
    number is itself. Raises `BadAddress`."""
    plain = normal(channel, address)
    if channel != "email":
        return plain
    name, _, host = unicodedata.normalize("NFKC", plain).casefold().rpartition("@")
    return f"{name.partition('+')[0] or name}@{host}"


def _phone(address: str, region: str) -> str:
    try:
        number = phonenumbers.parse(address, region)
    except phonenumbers.NumberParseException as error:
        raise BadAddress("This is not a phone number that can be texted.") from error
    # "Possible", not "valid": 555-01xx numbers are reserved for examples and never valid.
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise BadAddress("This is not a phone number that can be texted.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(number: str) -> str:
    """A phone number in E.164 as people write it where it is from; itself where it is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def masked(channel: str, address: str) -> str:
    """Enough to recognise an address that one already knows: ``s…@e….org``, ``…0142``."""
    if not address:
        return ""
    if channel != "email" or "@" not in address:
        return f"…{address[-4:]}"
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host[:1]}….{host.rpartition('.')[2]}"
