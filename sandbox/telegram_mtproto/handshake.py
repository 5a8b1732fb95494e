"""The server's RSA key and the exchange that gives a connection its auth key.

https://core.telegram.org/mtproto/auth_key is followed step by step; Telethon's own TL classes read and write it.
"""

import os
import time
from hashlib import sha1
from pathlib import Path
from typing import Any

import rsa
from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from telethon import TelegramClient, helpers
from telethon.crypto import AES, AuthKey
from telethon.crypto import rsa as client_keys
from telethon.extensions import BinaryReader
from telethon.tl import functions, types

# The 2048-bit safe prime that Telegram serves; Telethon knows it as good for the generator 3.
DH_PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139"
    "543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F642477FE96BB2A941D5BCD1D4AC8CC49880"
    "708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9"
    "DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8"
    "115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
DH_GENERATOR = 3
# 1229739323 * 1402015859: the puzzle of the first step, small so that a client solves it at once.
PQ = 1724114033281923457


class ServerKey:
    """The RSA key that proves to a client that this is the data centre it trusts."""

    def __init__(self, private: rsa_keys.RSAPrivateKey) -> None:
        numbers = private.private_numbers()
        self._private = private
        self.modulus = numbers.public_numbers.n
        self.exponent = numbers.d
        self.public_pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
        self.fingerprint: int = client_keys._compute_fingerprint(rsa.PublicKey.load_pkcs1(self.public_pem.encode()))

    @classmethod
    def generate(cls) -> "ServerKey":
        return cls(rsa_keys.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def kept_in(cls, path: Path) -> "ServerKey":
        """The key of this file, made and stored at the first call (mode 0600)."""
        if path.exists():
            private = load_pem_private_key(path.read_bytes(), password=None)
            if not isinstance(private, rsa_keys.RSAPrivateKey):
                raise ValueError(f"{path} holds no RSA key")
            return cls(private)
        key = cls.generate()
        pem = key._private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_bytes(pem)
        partial.replace(path)
        return key

    def decrypt(self, data: bytes) -> bytes:
        """Undo the client's unpadded RSA; 255 bytes."""
        return pow(int.from_bytes(data, "big"), self.exponent, self.modulus).to_bytes(255, "big")


def trust(public_pem: str) -> None:
    """Make Telethon, in this process, accept the data centre that owns this public key (PKCS#1 PEM).

    Also forgets Telethon's class-level copy of the list of data centres, which outlives every client.
    """
    client_keys.add_key(public_pem, old=False)
    TelegramClient._config = None


def distrust(public_pem: str) -> None:
    """Undo `trust`."""
    fingerprint = client_keys._compute_fingerprint(rsa.PublicKey.load_pkcs1(public_pem.encode()))
    client_keys._server_keys.pop(fingerprint, None)
    TelegramClient._config = None


class KeyExchange:
    """One connection's way to an auth key: three questions of the client, three answers."""

    def __init__(self, server_key: ServerKey) -> None:
        self._server_key = server_key
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        self._secret = int.from_bytes(os.urandom(256), "big")
        self._nonce = 0
        self._new_nonce = 0
        self._cipher: tuple[bytes, bytes] = (b"", b"")
        self.auth_key: AuthKey | None = None

    def answer(self, question: Any) -> bytes:
        """Answer the next step; after the last one `auth_key` is set.

        Raises ValueError for anything that is no step of the exchange or does not fit the one before.
        """
        if isinstance(question, functions.ReqPqMultiRequest | functions.ReqPqRequest):
            self._nonce = question.nonce
            puzzle = client_keys.get_byte_array(PQ)
            return bytes(types.ResPQ(self._nonce, self._server_nonce, puzzle, [self._server_key.fingerprint]))
        if isinstance(question, functions.ReqDHParamsRequest):
            return self._offer(question)
        if isinstance(question, functions.SetClientDHParamsRequest):
            return self._agree(question)
        raise ValueError(f"{type(question).__name__} without an auth key")

    def _offer(self, question: Any) -> bytes:
        plain = self._server_key.decrypt(question.encrypted_data)
        inner = BinaryReader(plain[20:]).tgread_object()
        if sha1(bytes(inner)).digest() != plain[:20] or inner.server_nonce != self._server_nonce:
            raise ValueError("pq_inner_data does not match its hash or nonce")
        self._new_nonce = inner.new_nonce
        self._cipher = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        half = pow(DH_GENERATOR, self._secret, DH_PRIME).to_bytes(256, "big")
        prime = DH_PRIME.to_bytes(256, "big")
        offer = bytes(
            types.ServerDHInnerData(
                self._nonce, self._server_nonce, DH_GENERATOR, prime, half, server_time=int(time.time())
            )
        )
        hashed = sha1(offer).digest() + offer
        hashed += os.urandom(-len(hashed) % 16)
        return bytes(types.ServerDHParamsOk(self._nonce, self._server_nonce, AES.encrypt_ige(hashed, *self._cipher)))

    def _agree(self, question: Any) -> bytes:
        inner = BinaryReader(AES.decrypt_ige(question.encrypted_data, *self._cipher)[20:]).tgread_object()
        shared = pow(int.from_bytes(inner.g_b, "big"), self._secret, DH_PRIME)
        key = AuthKey(client_keys.get_byte_array(shared))
        self.auth_key = key
        return bytes(types.DhGenOk(self._nonce, self._server_nonce, key.calc_new_nonce_hash(self._new_nonce, 1)))
