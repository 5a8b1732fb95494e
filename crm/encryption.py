"""Secrets at rest: encrypted with a key from the settings, which the database never sees."""

from cryptography.fernet import Fernet, InvalidToken

from crm.errors import WrongEncryptionKey


def new_key() -> bytes:
    """A key to put into the settings."""
    return Fernet.generate_key()


def encrypt(secret: bytes, key: bytes) -> bytes:
    """Raises WrongEncryptionKey where the key is none."""
    return _fernet(key).encrypt(secret)


def decrypt(token: bytes, key: bytes) -> bytes:
    """Raises WrongEncryptionKey where it was encrypted with another one."""
    try:
        return _fernet(key).decrypt(token)
    except InvalidToken:
        raise WrongEncryptionKey from None


def _fernet(key: bytes) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise WrongEncryptionKey from None
