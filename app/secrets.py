"""Two secrets out of the one in the settings: each use has a key of its own."""

import base64
import hashlib
import secrets

from app.settings import PROJECT, Settings

SHORTEST = 32


class NoSecret(Exception):
    """SECRET_KEY is missing or too short; the message says what to do."""


def signing_secret(settings: Settings) -> bytes:
    """Signs links in letters."""
    return _derived(settings, b"links")


def encryption_key(settings: Settings) -> bytes:
    """Encrypts the auth keys of Telegram accounts (Fernet)."""
    return base64.urlsafe_b64encode(_derived(settings, b"telegram sessions"))


def ensure(settings: Settings) -> Settings:
    """Settings with a secret key: where none is set, one is made and written into .env."""
    if settings.secret_key is not None:
        return settings
    path = PROJECT / ".env"
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [line for line in written.splitlines() if line.strip() != "SECRET_KEY="]
    partial = path.with_name(".env.partial")
    partial.touch(mode=0o600)
    partial.write_text("\n".join([*lines, f"SECRET_KEY={secrets.token_urlsafe(48)}", ""]), encoding="utf-8")
    partial.replace(path)
    return Settings()


def _derived(settings: Settings, use: bytes) -> bytes:
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    if len(secret) < SHORTEST:
        raise NoSecret(
            f"SECRET_KEY must be set to at least {SHORTEST} characters that nobody can guess. "
            "`make run` writes one into .env; keep it: without it Telegram accounts have to sign in anew."
        )
    return hashlib.blake2b(secret.encode(), person=use[:16], digest_size=32).digest()
