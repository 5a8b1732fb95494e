"""Secrets at rest."""

import pytest

from crm import encryption
from crm.errors import WrongEncryptionKey


class TestEncrypt:
    def test_the_same_key_reads_it_back_and_nobody_else_does(self) -> None:
        key = encryption.new_key()
        token = encryption.encrypt("тайна".encode(), key)
        assert "тайна".encode() not in token
        assert encryption.decrypt(token, key) == "тайна".encode()
        with pytest.raises(WrongEncryptionKey):
            encryption.decrypt(token, encryption.new_key())

    @pytest.mark.parametrize("key", [b"", b"short", b"\xff" * 44])
    def test_what_is_no_key_is_refused(self, key: bytes) -> None:
        with pytest.raises(WrongEncryptionKey):
            encryption.encrypt(b"secret", key)

    @pytest.mark.parametrize("token", [b"", b"not a token", b"\x00\xff"])
    def test_what_was_never_encrypted_is_refused(self, token: bytes) -> None:
        with pytest.raises(WrongEncryptionKey):
            encryption.decrypt(token, encryption.new_key())
