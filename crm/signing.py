"""Links that nobody can guess: one-use tokens, of which only a hash is kept, and signed ids that need no row."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from crm.errors import NotFound

SHORTEST_SECRET = 16


def new_token() -> str:
    """32 characters that fit a Telegram deep link."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(secret: bytes, purpose: str, number: int) -> str:
    """A number that can go into a link; `purpose` keeps one kind of link from serving as another.

    Raises ValueError for a secret under 16 bytes.
    """
    return f"{number}.{_signature(secret, purpose, number)}"


def verify(secret: bytes, purpose: str, signed: str) -> int:
    """The number. Raises NotFound for whatever `sign` did not make with this secret and purpose."""
    written, _, signature = signed.partition(".")
    if not (written.isascii() and written.isdigit() and signature.isascii()):
        raise NotFound
    number = int(written[:20])
    if not hmac.compare_digest(signed, f"{number}.{_signature(secret, purpose, number)}"):
        raise NotFound
    return number


def _signature(secret: bytes, purpose: str, number: int) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"a secret needs at least {SHORTEST_SECRET} bytes")
    made = hmac.digest(secret, f"{purpose}:{number}".encode(), "sha256")
    return urlsafe_b64encode(made[:24]).decode()
