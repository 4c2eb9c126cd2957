"""Secret links: a random token goes to the person, only its hash stays here. Plain Python."""

from __future__ import annotations

import secrets
from hashlib import sha256

TOKEN_BYTES = 24  # 192 bits: guessing is hopeless, and the link still fits a text message

SAMPLE_TOKEN = "x" * 32  # for previews: as long as a real one, and the hash of none


def new_token() -> tuple[str, str]:
    """Return a new url-safe token (32 characters) and its hash."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    """SHA-256 in hex. A token has full entropy, so a slow, salted hash would add nothing."""
    return sha256(token.encode()).hexdigest()
