"""The public code of a referral. Plain Python."""

from __future__ import annotations

import secrets

# No vowels, so no words; no 0/O, 1/I/L, so it can be read out on the phone.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 9


def new_code() -> str:
    """A public code such as ``K7P2-XM94``: random, so nothing about a person can be read from it."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _each in range(8))
    return f"{code[:4]}-{code[4:]}"


def as_code(text: str) -> str:
    """A public code as it is kept, of one that was typed without its dash, with spaces or in lower case."""
    bare = "".join(filter(str.isalnum, text)).upper()
    return f"{bare[:4]}-{bare[4:]}"


def begins_code(text: str) -> str:
    """How a code begins, as it is kept, of what was typed of it; ``""`` where no code begins so, or hardly any does."""
    bare = "".join(filter(str.isalnum, text)).upper()
    if not 4 <= len(bare) < 8 or not {*bare} <= {*CODE_ALPHABET}:
        return ""
    return bare if len(bare) == 4 else as_code(bare)
