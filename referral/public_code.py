"""The public code of a referral. Plain Python."""

from __future__ import annotations

import secrets

# No vowels, so no words; no 0/O, 1/I/L, so it can be read out on the phone.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """A public code such as ``K7P2-XM94``: random, so nothing about a person can be read from it."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _each in range(8))
    return f"{code[:4]}-{code[4:]}"


def as_code(text: str) -> str:
    """A public code as it is kept, of one that was typed without its dash, with spaces or in lower case."""
    bare = "".join(filter(str.isalnum, text)).upper()
    return f"{bare[:4]}-{bare[4:]}"
